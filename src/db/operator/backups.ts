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

/** Returns the newest backup; null where none is known. */
export function newestBackup(db: Tx, only: { scheduled?: true } = {}): Promise<BackupRecord | null> {
  return db.backup.findFirst({ where: only, orderBy: { takenAt: 'desc' } });
}

/** Returns when a backup was last tried; null where none was. */
export async function lastVerified(db: Tx): Promise<{ at: Date; problem: string | null; name: string } | null> {
  const found = await db.backup.findFirst({
    where: { verifiedAt: { not: null } },
    orderBy: { verifiedAt: 'desc' },
    select: { verifiedAt: true, problem: true, name: true },
  });
  return found?.verifiedAt ? { at: found.verifiedAt, problem: found.problem, name: found.name } : null;
}

/** Forgets backups whose files are gone. */
export async function forgetBackups(db: Tx, names: readonly string[]): Promise<void> {
  await db.backup.deleteMany({ where: { name: { in: [...names] }, scheduled: true } });
}
