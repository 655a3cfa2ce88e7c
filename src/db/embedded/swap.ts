import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { majorOfFolder } from './majors.ts';

/** In a folder that took the place of an older one: the name of that. Written last, when nothing else is missing. */
const SUCCEEDS = 'offprint.succeeds';

/** Names the folder in which a database is made that is to take the place of the one in `dataDir`. */
export function draftOf(dataDir: string): string {
  return `${dataDir}.next`;
}

/**
 * Puts the finished draft in the place of the folder, which is kept under a name of its own: returns that. A kill, or a
 * loss of power, between its two renames is made good by `completeSwap`.
 */
export function takePlace(dataDir: string, major: string): string {
  const kept = freeName(`${dataDir}-${major}`);
  writeSynced(join(draftOf(dataDir), SUCCEEDS), `${basename(kept)}\n`);
  syncFolder(draftOf(dataDir));
  syncFolder(dirname(dataDir));
  renameSync(dataDir, kept); // from here on the draft is the database
  syncFolder(dirname(dataDir));
  renameSync(draftOf(dataDir), dataDir);
  syncFolder(dirname(dataDir));
  return kept;
}

/**
 * Ends a swap that was cut short between its renames. Throws AppError unavailable where the old folder is gone as well:
 * then a person knows what the draft is.
 */
export function completeSwap(dataDir: string): void {
  const draft = draftOf(dataDir);
  if (existsSync(dataDir) || !existsSync(join(draft, SUCCEEDS))) return;
  const kept = join(dirname(dataDir), readFileSync(join(draft, SUCCEEDS), 'utf8').trim());
  if (!existsSync(kept))
    throw new AppError(
      'unavailable',
      `${dataDir} and ${kept} are gone, and ${draft} was to come after them. If it is the database: mv ${draft} ${dataDir}. If not: rm -r ${draft}`,
    );
  renameSync(draft, dataDir);
  syncFolder(dirname(dataDir));
}

/** A folder of an older major version that was kept. */
export interface KeptFolder {
  path: string;
  major: string;
}

/** Lists what moves to newer major versions have kept beside a data folder. */
export function keptFolders(dataDir: string): KeptFolder[] {
  const parent = dirname(dataDir);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(dataDir)}-`))
    .map((name) => ({ path: join(parent, name), major: majorOfFolder(join(parent, name)) ?? '' }))
    .filter(({ major }) => major !== '');
}

function freeName(wanted: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!existsSync(name)) return name;
  }
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

/** Brings the names in a folder to the disk; Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
