import { join } from 'node:path';
import { holdAfterRestore } from '../db/backup/after-restore.ts';
import { load, type LoadSteps } from '../db/backup/load.ts';
import { withSession } from '../db/backup/session.ts';
import { PACKAGE_ROOT, packageVersion } from '../package.ts';
import type { Manifest } from './manifest.ts';
import { openArchive } from './read-archive.ts';
import { refuseNewer } from './refuse-newer.ts';

/** The folder of the migrations that this release brings. */
export const MIGRATIONS = join(PACKAGE_ROOT, 'prisma', 'migrations');

/** How a restore is asked for. */
export interface RestoreWish {
  file: string;
  /** The database to restore into: empty, freshly migrated, or left half restored. */
  url: string;
  progress?: (rows: number, of: number) => void;
  step?: (words: string) => void;
  /** Looks at the rows as they came, before later migrations change them. */
  loaded?: LoadSteps['loaded'];
  /** Hears that later migrations are applied. */
  upToDate?: () => void;
}

/** A database that was restored; nothing is sent from it until somebody lets it go on. */
export interface Restored {
  manifest: Manifest;
  rows: number;
}

/**
 * Restores a backup and puts all sending on hold, in the transaction that makes the database whole: what happened since
 * `manifest.takenAt` is not known to it. Throws AppError conflict for a database in use, bad-input for a file that is
 * none or damaged, before anything is touched; killed half-way, it leaves a database that every start refuses.
 */
export async function restoreBackup(wish: RestoreWish): Promise<Restored> {
  const archive = await openArchive(wish.file);
  try {
    const { manifest } = archive;
    await refuseNewer(manifest, MIGRATIONS);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    await withSession(wish.url, (client) =>
      load(client, archive.rows, {
        what: wish.file,
        migrations: MIGRATIONS,
        release: packageVersion(),
        progress: (done) => wish.progress?.(done, rows),
        finish: (session) =>
          holdAfterRestore(session, {
            reason: `restored from a backup of ${manifest.takenAt}`,
            snapshotAt: manifest.takenAt,
          }),
        ...(wish.step && { step: wish.step }),
        ...(wish.loaded && { loaded: wish.loaded }),
        ...(wish.upToDate && { upToDate: wish.upToDate }),
      }),
    );
    return { manifest, rows };
  } finally {
    archive.close();
  }
}
