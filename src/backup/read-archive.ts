import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import type { z } from 'zod';
import type { Loadable } from '../db/backup/load.ts';
import { measureAll } from '../db/backup/measure-rows.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { checkTable, manifestSchema, parsePart, samplesSchema, type BackupSample, type Manifest } from './manifest.ts';
import { entryOf, MANIFEST, SAMPLES } from './write-archive.ts';

/** A backup that is read. */
export interface Archive {
  manifest: Manifest;
  samples: BackupSample[];
  /** Its rows, each table checked as it is read. */
  rows: Loadable & { sound: () => Promise<void> };
  close(): void;
}

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Opens a backup. Throws AppError bad-input for what is none, or was cut short. */
export async function openArchive(file: string): Promise<Archive> {
  const zip = await openZip(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw new AppError('bad-input', `${file} is no whole backup: ${messageOf(error)}`, { cause: error });
  });
  try {
    return await soundly(file, () => readHead(file, zip));
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readHead(file: string, zip: yauzl.ZipFile): Promise<Archive> {
  const entries = await listEntries(zip);
  const entry = (name: string) => {
    const found = entries.get(name);
    if (found) return found;
    throw new AppError('bad-input', `${file} is no backup of Offprint: it has no ${name}.`);
  };
  const read = (name: string) => openEntry(zip, entry(name));
  const readPart = async <T>(name: string, schema: z.ZodType<T>) => {
    const bytes = await buffer(await read(name));
    if (crc32(bytes) !== entry(name).crc32) throw new AppError('bad-input', `${file}: ${name} is damaged.`);
    return parsePart(schema, file, name, bytes.toString());
  };
  const manifest = await readPart(MANIFEST, manifestSchema);
  const samples = await readPart(SAMPLES, samplesSchema);
  const facts = new Map(manifest.tables.map((table) => [table.name, table]));
  const rows: Loadable = {
    head: manifest,
    read: ({ name }) => read(entryOf(name)),
    check: ({ name }, found) => checkTable(file, facts.get(name) ?? { name, rows: -1, bytes: 0, sha256: '' }, found),
  };
  const readAll = async () => {
    for (const table of manifest.tables) rows.check(table, await measureAll(await rows.read(table)));
  };
  return { manifest, samples, rows: { ...rows, sound: () => soundly(file, readAll) }, close: () => zip.close() };
}

/** A zip that breaks while it is read is damaged, whatever words it breaks with. */
async function soundly<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-input', `${file} is damaged: ${messageOf(error)}`, { cause: error });
  }
}

async function listEntries(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  zip.on('entry', (entry: yauzl.Entry) => {
    entries.set(entry.fileName, entry);
    zip.readEntry();
  });
  const ended = once(zip, 'end'); // rejects where the list is broken
  zip.readEntry();
  await ended;
  return entries;
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry);
}
