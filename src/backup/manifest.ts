import { z } from 'zod';
import { AppError } from '../lib/errors.ts';
import type { Head } from '../db/backup/snapshot.ts';

/** The first and only form of backups so far. */
const FORMAT = 1;

const sampleSchema = z.object({
  /** The delivery's public id, and its edition. */
  id: z.string(),
  edition: z.string(),
  /** Of the whole mail before it is signed. */
  sha256: z.string(),
  /** The mail as a page for anybody: what a newer release makes of it is compared with this. */
  html: z.string(),
  text: z.string(),
});

/** A newsletter as it was made when the backup was taken. */
export type BackupSample = z.output<typeof sampleSchema>;

/** What a backup says of itself; the last thing written. */
export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** The version of Offprint that took it. */
  release: z.string(),
  takenAt: z.iso.datetime({ offset: true }),
  /** When the oldest transaction began that was open then: what came later may be missing. */
  openSince: z.iso.datetime({ offset: true }),
  /** PostgreSQL's version. */
  server: z.string(),
  migrations: z.array(z.string()).min(1),
  keysWrapped: z.boolean(),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number(),
      /** Of what COPY wrote, before it was packed. */
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: z.string(), called: z.boolean() })),
});

export type Manifest = z.output<typeof manifestSchema>;

/** What a backup and a move say of a table. */
export type TableFacts = Manifest['tables'][number];

export const samplesSchema = z.array(sampleSchema);

/** Writes a manifest. */
export function manifestOf(head: Head, release: string, tables: TableFacts[]): Manifest {
  return { format: FORMAT, release, ...head, tables };
}

/** Returns the newest migration of a database. */
export function newestOf(migrations: readonly string[]): string {
  return migrations.at(-1) ?? 'none';
}

/** Parses a part of a backup. Throws AppError bad-input where it is none of ours. */
export function parsePart<T>(schema: z.ZodType<T>, file: string, part: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError('bad-input', `${file}: ${part} is not what offprint backup writes.`, { cause: error });
  }
}

/** Throws AppError bad-input where rows are not those that were backed up. */
export function checkTable(
  what: string,
  wanted: Omit<TableFacts, 'columns'>,
  found: Omit<TableFacts, 'columns' | 'name'>,
): void {
  if (found.rows === wanted.rows && found.sha256 === wanted.sha256) return;
  throw new AppError(
    'bad-input',
    `${what}: ${wanted.name} is damaged: ${found.rows} rows with SHA-256 ${found.sha256}, ` +
      `expected ${wanted.rows} with ${wanted.sha256}.`,
  );
}
