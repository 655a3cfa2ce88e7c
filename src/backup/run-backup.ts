import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';
import { forgetBackups, lastVerified, newestBackup, noteVerified, type BackupRecord } from '../db/operator/backups.ts';
import { lastFailure, newestEnd } from '../db/operator/runs.ts';
import { oneLine } from '../lib/errors.ts';
import { latestBy } from '../lib/time.ts';
import { fromHome } from '../package.ts';
import { isDue, isToBeTried, isToBeTriedAgain } from './due.ts';
import { makeBackup } from './make-backup.ts';
import { kept } from './retention.ts';
import { NoScratch } from './scratch.ts';
import { verifyBackup } from './verify-backup.ts';

/** What a run did. */
export interface BackupCounts {
  backups: number;
  tried: number;
  forgottenBackups: number;
}

const JOB = 'backup';
const NAME = /^offprint-(\d{4})-(\d{2})-(\d{2})T(\d{2})(\d{2})(\d{2})Z\.zip(\.part)?$/;

/** Tells whether BACKUP_DIR is to get a backup now, or the newest in it is to be tried again. */
export async function backupIsDue(ctx: Context): Promise<boolean> {
  if (ctx.config.BACKUP_DIR === undefined) return false;
  const newest = await newestBackup(ctx.db, ctx.now(), { scheduled: true });
  const failedAt = await lastFailure(ctx.db, JOB, ctx.now());
  if (isDue({ now: ctx.now(), at: ctx.config.BACKUP_AT, newest: newest?.finishedAt ?? null, failedAt })) return true;
  if ((await inDoubt(ctx, newest)) === null) return false;
  return isToBeTriedAgain(ctx.now(), (await newestEnd(ctx.db, JOB, ctx.now()))?.finishedAt ?? null);
}

/**
 * Takes the backup of the day into BACKUP_DIR where none was taken yet, tries it once a week, and removes those that
 * BACKUP_KEEP does not name; none goes while the newest is not sound. Where none is to be taken and the last trial
 * found a fault, it tries the newest again. Where `signal` ends it, what was begun was not done.
 */
export async function runBackup(ctx: Context, signal?: AbortSignal): Promise<BackupCounts> {
  const none = { backups: 0, tried: 0, forgottenBackups: 0 };
  const { BACKUP_DIR: folder, BACKUP_AT: at } = ctx.config;
  if (folder === undefined) return none;
  const dir = fromHome(folder);
  const newest = await newestBackup(ctx.db, ctx.now(), { scheduled: true });
  if (!isDue({ now: ctx.now(), at, newest: newest?.finishedAt ?? null, failedAt: null })) {
    const doubted = await inDoubt(ctx, newest);
    return doubted === null ? none : triedAndCleared(ctx, { dir, file: doubted, signal });
  }
  await clearHalves(dir);
  const file = join(dir, nameOf(ctx.now()));
  if (!(await taken(ctx, file, signal))) return none;
  return { ...(await triedAndCleared(ctx, { dir, file, signal })), backups: 1 };
}

/** The file of the newest backup where the last trial found a fault; null where all is well, or it lies elsewhere. */
async function inDoubt(ctx: Context, newest: BackupRecord | null): Promise<string | null> {
  const last = await lastVerified(ctx.db, ctx.now());
  const isHere = newest && dirname(newest.name) === fromHome(ctx.config.BACKUP_DIR ?? '') && existsSync(newest.name);
  return isHere && last?.problem ? newest.name : null;
}

/** A backup in BACKUP_DIR that may be tried. */
interface ToTry {
  dir: string;
  file: string;
  signal: AbortSignal | undefined;
}

async function triedAndCleared(ctx: Context, { dir, file, signal }: ToTry): Promise<BackupCounts> {
  const { tried, sound } = await tryWeekly(ctx, file, signal);
  return { backups: 0, tried, forgottenBackups: sound ? await clear(ctx, dir) : 0 };
}

/** False where the process ends meanwhile: another one takes it then. */
async function taken(ctx: Context, file: string, signal?: AbortSignal): Promise<boolean> {
  const warn = (problem: string) => ctx.log.warn({ problem }, 'backup');
  try {
    await makeBackup(ctx, { file, scheduled: true, warn, ...(signal && { signal }) }, `job:${JOB}`);
    return true;
  } catch (error) {
    if (!signal?.aborted) throw error;
    return false;
  }
}

/** What a process that was killed left behind: whoever holds the job's lock is the only one who writes here. */
async function clearHalves(dir: string): Promise<void> {
  if (!existsSync(dir)) return; // it is made with the first backup
  for (const name of await readdir(dir)) if (NAME.exec(name)?.[7]) await rm(join(dir, name));
}

/** What is known of the newest backup: what was found when one was last tried, where this one was not. */
interface Trial {
  tried: 0 | 1;
  sound: boolean;
}

/** What ends in the middle says nothing of the backup. */
async function tryWeekly(ctx: Context, file: string, signal: AbortSignal | undefined): Promise<Trial> {
  const last = await lastVerified(ctx.db, ctx.now());
  const untried: Trial = { tried: 0, sound: !last?.problem };
  if (!isToBeTried(ctx.now(), last?.problem === null ? last.at : null)) return untried;
  const noted = async (problem: string | null): Promise<Trial> => {
    await noteVerified(ctx.db, file, ctx.now(), problem);
    if (problem !== null) ctx.log.warn({ problem, file }, 'backup');
    return { tried: 1, sound: problem === null };
  };
  try {
    const { problems } = await verifyBackup({ file, config: ctx.config, ...(signal && { signal }) });
    return await noted(problems[0] ?? null);
  } catch (error) {
    if (signal?.aborted) return untried;
    if (!(error instanceof NoScratch)) return noted(oneLine(error));
    ctx.log.warn({ problem: oneLine(error), file }, 'backup');
    return untried;
  }
}

/** What bears a time to come, since a clock was ahead, neither counts nor goes. */
async function clear(ctx: Context, dir: string): Promise<number> {
  const latest = latestBy(ctx.now());
  const files = (await readdir(dir)).flatMap((name) => {
    const at = momentOf(name);
    return at && at <= latest ? [{ path: join(dir, name), at }] : [];
  });
  const keep = kept(
    files.map(({ at }) => at),
    ctx.config.BACKUP_KEEP,
  );
  const going = files.filter(({ at }) => !keep.has(at)).map(({ path }) => path);
  for (const path of going) await rm(path);
  await forgetBackups(ctx.db, going);
  return going.length;
}

function nameOf(at: Date): string {
  return `offprint-${at.toISOString().slice(0, 19).replaceAll(':', '')}Z.zip`;
}

/** Nothing but what bears our name is ever removed. */
function momentOf(name: string): Date | null {
  const [, year, month, day, hour, minute, second, half] = NAME.exec(name) ?? [];
  return year && !half ? new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) : null;
}
