import type { Config } from '../config.ts';
import { readKeys } from '../db/keys.ts';
import { migrationNames } from '../db/migrate.ts';
import { AppError } from '../lib/errors.ts';
import { packageVersion } from '../package.ts';
import type { BackupSample } from './manifest.ts';
import { openArchive } from './read-archive.ts';
import { MIGRATIONS, restoreBackup } from './restore-backup.ts';
import { makeSamples } from './samples.ts';
import { withDb, withScratch } from './scratch.ts';
import { wrappingOf } from '../wrapping-secrets.ts';

/** How an upgrade is tried. */
export interface UpgradeWish {
  /** A backup of the release that runs now. */
  file: string;
  config: Config;
  progress?: (rows: number, of: number) => void;
  step?: (words: string) => void;
}

/** A newsletter that comes out otherwise, as both releases write it. */
export interface Otherwise {
  id: string;
  edition: string;
  /** What differs: what is read, or how it is written alone. */
  differs: 'text' | 'page' | 'bytes';
  before: string;
  after: string;
}

/** What an upgrade would do. */
export interface UpgradeTried {
  /** The release that took the backup, and this one. */
  from: string;
  to: string;
  takenAt: string;
  rows: number;
  /** Migrations that it applies. */
  migrations: string[];
  /** How long those took, on all rows. */
  migrateMs: number;
  /** Newsletters of the last edition: how many were compared, and those that differ. */
  compared: number;
  otherwise: Otherwise[];
}

/**
 * Tries this release on the rows of a backup: restores it into a scratch server, applies what is new, makes the
 * newsletters of its last edition again and compares them with what the other release made. Nothing else is touched.
 */
export async function checkUpgrade(wish: UpgradeWish): Promise<UpgradeTried> {
  const archive = await openArchive(wish.file);
  archive.close();
  const { manifest, samples } = archive;
  const known = new Set(manifest.migrations);
  const migrations = (await migrationNames(MIGRATIONS)).filter((name) => !known.has(name));
  return withScratch(wish.config, manifest, async (url) => {
    let migrateFrom = 0;
    let migrateMs = 0;
    const { rows } = await restoreBackup({
      ...wish,
      url,
      loaded: () => {
        migrateFrom = performance.now();
        return Promise.resolve();
      },
      upToDate: () => (migrateMs = performance.now() - migrateFrom),
    });
    wish.step?.('Making the last edition …');
    const edition = samples[0]?.edition;
    const last = samples.filter((sample) => sample.edition === edition);
    const now = await withDb(url, async (db) => {
      const keys = await readKeys(db, wrappingOf(wish.config));
      if (!keys) throw new AppError('bad-input', `${wish.file} holds no keys.`);
      return makeSamples(
        { db, config: wish.config, keys },
        last.map(({ id }) => id),
      );
    });
    const { release: from, takenAt } = manifest;
    const tried = { from, to: packageVersion(), takenAt, rows, migrations, migrateMs: Math.round(migrateMs) };
    return { ...tried, compared: last.length, otherwise: compare(last, now) };
  });
}

function compare(before: readonly BackupSample[], after: readonly BackupSample[]): Otherwise[] {
  const made = new Map(after.map((sample) => [sample.id, sample]));
  return before.flatMap((was): Otherwise[] => {
    const is = made.get(was.id);
    if (is?.sha256 === was.sha256) return [];
    const { id, edition } = was;
    if (is?.text !== was.text) return [{ id, edition, differs: 'text', before: was.text, after: is?.text ?? '' }];
    if (is.html !== was.html) return [{ id, edition, differs: 'page', before: was.html, after: is.html }];
    return [{ id, edition, differs: 'bytes', before: '', after: '' }];
  });
}
