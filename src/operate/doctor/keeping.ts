import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { openArchive } from '../../backup/read-archive.ts';
import { whyNoScratch } from '../../backup/scratch.ts';
import type { Config } from '../../config.ts';
import { keptFolders } from '../../db/embedded/swap.ts';
import { newestBackup } from '../../db/operator/backups.ts';
import { listFiles } from '../../journal/files.ts';
import { messageOf } from '../../lib/errors.ts';
import { usedBytes } from '../../lib/free-space.ts';
import { lookAtBackups } from '../today/look-at-backups.ts';
import { ok, problem, warning, type Check } from './check.ts';
import type { Patient } from './database.ts';

const HOUR_MS = 3_600_000;

/** Looks whether there is a backup to rely on, and whether one is taken each day. */
export async function checkBackup({ db, config, now }: Patient): Promise<Check> {
  const trouble = await lookAtBackups({ db, config, now });
  if (trouble) return problem('backup', trouble.problem, 'offprint run backup');
  const newest = await newestBackup(db, now());
  const hours = newest && Math.floor((now().getTime() - newest.takenAt.getTime()) / HOUR_MS);
  const says = newest ? `the newest is ${hours ?? 0} h old: ${newest.name}` : 'none is known';
  if (config.BACKUP_DIR === undefined)
    return warning('backup', `${says}, and none is taken by itself`, 'BACKUP_DIR=/var/backups/offprint');
  if (!newest) return warning('backup', says, 'offprint run backup');
  const why = await whyUntried(config, newest.name);
  if (why === null) return ok('backup', says);
  return warning('backup', `${says}; it cannot be tried here: ${why}`, ELSEWHERE);
}

const ELSEWHERE = 'offprint backup verify FILE on another machine, with the same SECRET';

/** Of a file that lies elsewhere it is not known how much room it wants. */
async function whyUntried(config: Config, file: string): Promise<string | null> {
  const manifest = await openArchive(file).then(
    (archive) => {
      archive.close();
      return archive.manifest;
    },
    () => ({ tables: [] }),
  );
  return whyNoScratch(config, manifest);
}

/** Looks whether this machine keeps a journal, and can. */
export async function checkJournal({ JOURNAL_DIR: folder }: Config): Promise<Check> {
  if (folder === undefined)
    return warning(
      'journal',
      'none is kept: a database that is restored may send again what was sent',
      'take JOURNAL_DIR=off out',
    );
  try {
    const files = await listFiles(folder);
    if (existsSync(folder)) await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const newest = files.reduce((day, file) => (file.day > day ? file.day : day), '');
    return ok('journal', newest === '' ? 'nothing is in it yet' : `${files.length} files, the newest of ${newest}`);
  } catch (error) {
    return problem('journal', `no mail goes without it: ${messageOf(error)}`, `ls -ld ${folder}`);
  }
}

/** Looks for data folders that a move to a newer PostgreSQL has kept: they hold readers who have left since. */
export async function checkKept({ DATA_DIR }: Config): Promise<Check[]> {
  const kept = keptFolders(join(DATA_DIR, 'postgres'));
  return Promise.all(
    kept.map(async ({ path, major }) => {
      const says = `kept from before the move away from PostgreSQL ${major}: ${await sizeOf(path)}; once a backup taken since was tried, it may go`;
      return warning('disk', says, `rm -r ${path}`, path);
    }),
  );
}

async function sizeOf(folder: string): Promise<string> {
  try {
    return `${Math.ceil((await usedBytes(folder)) / 1_000_000)} MB`;
  } catch (error) {
    return messageOf(error); // it is another user's
  }
}
