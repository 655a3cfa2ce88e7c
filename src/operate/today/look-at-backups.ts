import type { Context } from '../../context.ts';
import { lastVerified, newestBackup, type BackupRecord } from '../../db/operator/backups.ts';
import { listProcesses } from '../../db/operator/processes.ts';
import { firstRunAt, newestEnd } from '../../db/operator/runs.ts';
import { oneLine } from '../../lib/errors.ts';

/** A day's backup that is missing for this long was missed twice. */
export const OLD_HOURS = 48;
const HOUR_MS = 3_600_000;
/** Whoever was started with BACKUP_DIR takes a first one within this. */
const FIRST_HOURS = 1;

/** What is wrong with the backups and since when. */
export interface BackupTrouble {
  trouble: 'failed' | 'none' | 'old' | 'unreliable';
  /** What more is known: what was said, hours, a name and what was found. */
  words: string;
  /** All of it in English. */
  problem: string;
  since: Date | null;
}

/** Looks whether backups come and can be restored; null where all is well, or none are wanted (BACKUP_DIR). */
export async function lookAtBackups({
  db,
  config,
  now,
}: Pick<Context, 'db' | 'config' | 'now'>): Promise<BackupTrouble | null> {
  if (config.BACKUP_DIR === undefined) return null;
  const [newest, run, tried] = await Promise.all([
    newestBackup(db, now()),
    newestEnd(db, 'backup', now()),
    lastVerified(db, now()),
  ]);
  if (run?.outcome === 'failed') {
    const words = oneLine(run.error ?? '');
    return { trouble: 'failed', words, problem: `the last backup failed: ${words}`, since: run.finishedAt };
  }
  if (!newest && (await isMissing(db, now()))) {
    const problem = `none is known, although this service is older than ${OLD_HOURS} hours`;
    return { trouble: 'none', words: String(OLD_HOURS), problem, since: null };
  }
  const since = newest && momentOf(newest);
  if (since && now().getTime() - since.getTime() > OLD_HOURS * HOUR_MS) {
    const problem = `the newest backup is older than ${OLD_HOURS} hours`;
    return { trouble: 'old', words: String(OLD_HOURS), problem, since };
  }
  if (!tried?.problem) return null;
  const words = `${tried.name}: ${tried.problem}`;
  const problem = `${tried.name} cannot be relied on: ${tried.problem}`;
  return { trouble: 'unreliable', words, problem, since: tried.at };
}

/** No backup holds what came after it was finished, whatever the database's clock says of it. */
function momentOf({ takenAt, finishedAt }: BackupRecord): Date {
  return takenAt < finishedAt ? takenAt : finishedAt;
}

/** A service that has been at work for as long, and by processes that have had the time. */
async function isMissing(db: Context['db'], now: Date): Promise<boolean> {
  const [first, processes] = [await firstRunAt(db), await listProcesses(db)];
  const olderThan = (at: Date, hours: number) => now.getTime() - at.getTime() > hours * HOUR_MS;
  return (
    first !== null && olderThan(first, OLD_HOURS) && processes.every((own) => olderThan(own.startedAt, FIRST_HOURS))
  );
}
