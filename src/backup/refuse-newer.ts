import { migrationNames } from '../db/migrate.ts';
import { AppError } from '../lib/errors.ts';
import { packageVersion } from '../package.ts';
import type { Manifest } from './manifest.ts';

/** Throws AppError conflict for rows of a newer release, which this one has no tables for. */
export async function refuseNewer(
  { release, migrations }: Pick<Manifest, 'release' | 'migrations'>,
  dir: string,
): Promise<void> {
  const ours = new Set(await migrationNames(dir));
  const unknown = migrations.filter((name) => !ours.has(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'conflict',
    `This is Offprint ${packageVersion()}, and the backup was taken by ${release}, whose database is newer (${unknown.join(', ')}): ` +
      `restore it with Offprint ${release} or newer.`,
  );
}
