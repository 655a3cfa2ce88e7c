import type { Context } from '../../context.ts';
import { lastVerified, newestBackup } from '../../db/operator/backups.ts';
import { newestEnd } from '../../db/operator/runs.ts';
import { oneLine } from '../../lib/errors.ts';

/** A day's backup that is missing for this long was missed twice. */
export const OLD_HOURS = 48;
const HOUR_MS = 3_600_000;

/** What is wrong with the backups and since when. */
export interface BackupTrouble {
  trouble: 'failed' | 'old' | 'unreliable';
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
  const [newest, run, tried] = await Promise.all([newestBackup(db), newestEnd(db, 'backup'), lastVerified(db)]);
  if (run?.outcome === 'failed') {
    const words = oneLine(run.error ?? '');
    return { trouble: 'failed', words, problem: `the last backup failed: ${words}`, since: run.finishedAt };
  }
  if (newest && now().getTime() - newest.takenAt.getTime() > OLD_HOURS * HOUR_MS) {
    const problem = `the newest backup is older than ${OLD_HOURS} hours`;
    return { trouble: 'old', words: String(OLD_HOURS), problem, since: newest.takenAt };
  }
  if (!tried?.problem) return null;
  const words = `${tried.name}: ${tried.problem}`;
  const problem = `${tried.name} cannot be relied on: ${tried.problem}`;
  return { trouble: 'unreliable', words, problem, since: tried.at };
}
