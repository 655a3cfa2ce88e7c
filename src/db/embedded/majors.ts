import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { findBinaries, majorOf } from './binaries.ts';
import type { HeldLock } from './lock-file.ts';

/** The programs of one major version of PostgreSQL. */
export interface Programs {
  major: string;
  bin: string;
}

/** A data folder that is to go from one major version to another, while its lock is held and nobody uses it. */
export interface MajorMove {
  dataDir: string;
  from: Programs;
  to: Programs;
  lock: HeldLock;
}

/** The major version that a folder was made by, and the one that this release brings. */
export interface Majors {
  there: string;
  ours: string;
  /** Our programs. */
  bin: string;
  isOlder: boolean;
}

/** Compares a data folder with our programs; null where it is of their major version, or there is none. */
export function compareMajors(dataDir: string): Majors | null {
  const there = majorOfFolder(dataDir);
  if (there === null) return null;
  const bin = findBinaries();
  const ours = majorOf(bin);
  return there === ours ? null : { there, ours, bin, isOlder: Number(there) < Number(ours) };
}

/** Returns the major version that a data folder was made by; null where it holds no database. */
export function majorOfFolder(dataDir: string): string | null {
  const file = join(dataDir, 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** Throws AppError unavailable for a folder of another major version: says what to type. */
export function refuseMajor(dataDir: string, { there, ours, isOlder }: Majors, isBrought: boolean): never {
  const found = `${dataDir} was made by PostgreSQL ${there}, and this release brings ${ours}`;
  if (isBrought)
    throw new AppError(
      'unavailable',
      `${found}, and the means to move it: offprint migrate does, and so does every start.`,
    );
  const between = isOlder
    ? `Start a release once that brings both ${there} and a newer one (CHANGELOG.md names it): it moves the folder. Or do it yourself. `
    : '';
  throw new AppError(
    'unavailable',
    `${found}. ${between}With the release before: offprint backup FILE. ` +
      `Then here: mv ${dataDir} ${dataDir}.${there} && offprint restore FILE`,
  );
}
