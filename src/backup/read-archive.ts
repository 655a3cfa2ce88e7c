import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Loadable } from '../db/backup/load.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { checkTable, manifestSchema, parsePart, samplesSchema, type BackupSample, type Manifest } from './manifest.ts';
import { entryOf, MANIFEST, SAMPLES } from './write-archive.ts';

/** A backup that is read. */
export interface Archive {
  manifest: Manifest;
  samples: BackupSample[];
  /** Its rows, each table checked as it is read. */
  rows: Loadable;
  close(): void;
}

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Opens a backup. Throws AppError bad-input for what is none, or was cut short. */
export async function openArchive(file: string): Promise<Archive> {
  const zip = await openZip(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw new AppError('bad-input', `${file} is no whole backup: ${messageOf(error)}`, { cause: error });
  });
  try {
    const entries = await listEntries(zip);
    const read = (name: string) => openEntry(file, zip, entries.get(name), name);
    const manifest = parsePart(manifestSchema, file, MANIFEST, await text(await read(MANIFEST)));
    const samples = parsePart(samplesSchema, file, SAMPLES, await text(await read(SAMPLES)));
    const facts = new Map(manifest.tables.map((table) => [table.name, table]));
    const rows: Loadable = {
      head: manifest,
      read: ({ name }) => read(entryOf(name)),
      check: ({ name }, found) => checkTable(file, facts.get(name) ?? { name, rows: -1, bytes: 0, sha256: '' }, found),
    };
    return { manifest, samples, rows, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
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

async function openEntry(
  file: string,
  zip: yauzl.ZipFile,
  entry: yauzl.Entry | undefined,
  name: string,
): Promise<Readable> {
  if (!entry) throw new AppError('bad-input', `${file} is no backup of Offprint: it has no ${name}.`);
  return promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry);
}
