import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { measureRows } from '../db/backup/measure-rows.ts';
import type { Snapshot } from '../db/backup/snapshot.ts';
import { manifestOf, type BackupSample, type Manifest, type TableFacts } from './manifest.ts';

/** Of 1 to 9: twice as fast as the usual 6, and some tenth larger. */
const COMPRESSION = 3;
/** Sizes are not known beforehand, and may pass four gigabytes. */
const PACKED = { compressionLevel: COMPRESSION, forceZip64Format: true, mode: 0o100_600 };
export const MANIFEST = 'manifest.json';
export const SAMPLES = 'samples.json';

/** Names a table's rows in an archive. */
export function entryOf(table: string): string {
  return `tables/${table}.copy`;
}

/** What goes into an archive beside the rows. */
export interface ArchiveParts {
  release: string;
  samples: readonly BackupSample[];
  /** Hears how many rows were read. */
  progress?: (rows: number) => void;
  /** Ends the writing. */
  signal?: AbortSignal | undefined;
}

/**
 * Writes a snapshot as one zip, table after table as a stream, the manifest last: nothing is held in memory, and a file
 * that was cut short has no list of its parts and is refused by everything that reads zips.
 */
export async function writeArchive(snapshot: Snapshot, parts: ArchiveParts, out: Writable): Promise<Manifest> {
  const zip = new ZipFile();
  const tables: TableFacts[] = [];
  let before = 0;
  for (const table of snapshot.head.tables) {
    zip.addReadStreamLazy(entryOf(table.name), PACKED, (give) => {
      const heard = (rows: number) => parts.progress?.(before + rows);
      const { stream } = measureRows(heard, (measured) => {
        tables.push({ ...table, ...measured });
        before += measured.rows;
      });
      pipeline(snapshot.read(table), stream).catch((error: unknown) => zip.emit('error', error));
      give(null, stream);
    });
  }
  zip.addBuffer(Buffer.from(JSON.stringify(parts.samples)), SAMPLES, { mode: PACKED.mode });
  let manifest: Manifest | undefined;
  zip.addReadStreamLazy(MANIFEST, PACKED, (give) => {
    manifest = manifestOf(snapshot.head, parts.release, tables);
    give(null, Readable.from([Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)]));
  });
  zip.end();
  await writeOut(zip, out, parts.signal);
  if (!manifest) throw new Error('the archive ended without its manifest');
  return manifest;
}

async function writeOut(zip: ZipFile, out: Writable, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const broken = once(zip, 'error', { signal: stop.signal }).then(([error]) => {
    throw error;
  });
  broken.catch(() => {}); // told by the race
  zip.on('error', () => {}); // so is what follows when the race is over: the session is cut then
  try {
    const isStdout = out === process.stdout;
    await Promise.race([broken, pipeline(zip.outputStream, out, { end: !isStdout, ...(signal && { signal }) })]);
  } finally {
    stop.abort();
  }
}
