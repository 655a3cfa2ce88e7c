import { z } from 'zod';
import type { MadeBackup } from '../../backup/make-backup.ts';
import { newestOf, type Manifest } from '../../backup/manifest.ts';
import type { Verified } from '../../backup/verify-backup.ts';
import { instant } from './common.ts';

const about = {
  file: z.string(),
  takenAt: instant,
  release: z.string(),
  migration: z.string(),
  tables: z.int(),
  rows: z.int(),
  keysWrapped: z.boolean().describe('Whether it needs SECRET to be of use'),
};

/** A backup, as `backup --json` and `restore --json` tell of it. */
export const backupAnswer = z.object({ ...about, bytes: z.int().optional() });

/** How a backup fared, as `backup verify --json` tells it. */
export const verifiedAnswer = z.object({
  ...about,
  newsletters: z.object({ same: z.int(), of: z.int() }),
  problems: z.array(z.string()),
  notes: z.array(z.string()),
});

/** Tells of a backup. */
export function backupView(
  file: string,
  { manifest, rows, bytes }: Pick<MadeBackup, 'manifest' | 'rows'> & { bytes?: number },
): z.output<typeof backupAnswer> {
  return { ...aboutOf(file, manifest, rows), ...(bytes === undefined ? {} : { bytes }) };
}

/** Tells how a backup fared. */
export function verifiedView(file: string, verified: Verified): z.output<typeof verifiedAnswer> {
  const { manifest, rows, same, samples, problems, notes } = verified;
  return { ...aboutOf(file, manifest, rows), newsletters: { same, of: samples }, problems, notes };
}

function aboutOf(file: string, manifest: Manifest, rows: number) {
  const { takenAt, release, migrations, tables, keysWrapped } = manifest;
  return {
    ...{ file, takenAt: new Date(takenAt).toISOString(), release, migration: newestOf(migrations) },
    ...{ tables: tables.length, rows, keysWrapped },
  };
}
