import { latestBy } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import type { Backup } from '../generated/client.ts';

/** A backup that was taken, as recorded. */
export type BackupRecord = Backup;

/** Records a backup. Returns its number. */
export async function noteBackup(db: Tx, backup: Omit<Backup, 'id' | 'verifiedAt' | 'problem'>): Promise<number> {
  return (await db.backup.create({ data: backup, select: { id: true } })).id;
}

/** Records that a backup was tried, and what was wrong with it. */
export async function noteVerified(db: Tx, name: string, at: Date, problem: string | null): Promise<void> {
  await db.backup.updateMany({ where: { name }, data: { verifiedAt: at, problem } });
}

/**
 * Returns the backup that was finished last; null where none is known. By the clock of the process that took it, since
 * that of the database, which says of which moment it is, may be another one.
 */
export function newestBackup(db: Tx, now: Date, only: { scheduled?: true } = {}): Promise<BackupRecord | null> {
  return db.backup.findFirst({
    where: { ...only, finishedAt: { lte: latestBy(now) } },
    orderBy: { finishedAt: 'desc' },
  });
}

/** Returns when a backup was last tried; null where none was. */
export async function lastVerified(
  db: Tx,
  now: Date,
): Promise<{ at: Date; problem: string | null; name: string } | null> {
  const found = await db.backup.findFirst({
    where: { verifiedAt: { lte: latestBy(now) } },
    orderBy: { verifiedAt: 'desc' },
    select: { verifiedAt: true, problem: true, name: true },
  });
  return found?.verifiedAt ? { at: found.verifiedAt, problem: found.problem, name: found.name } : null;
}

/** Forgets backups whose files are gone. */
export async function forgetBackups(db: Tx, names: readonly string[]): Promise<void> {
  await db.backup.deleteMany({ where: { name: { in: [...names] }, scheduled: true } });
}
