import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, messageOf } from '../../lib/errors.ts';
import type { Identity } from './binaries.ts';

const USER = 'offprint';
const PASSWORD_FILE = 'offprint.password';

/**
 * Creates the cluster in a folder of its own and renames it, so that a kill at any moment leaves either nothing or all
 * of it.
 */
export async function initialise(dataDir: string, bin: string, identity: Identity): Promise<void> {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new AppError('unavailable', `${dataDir} is not empty and holds no database (no PG_VERSION): move it away.`);
  }
  await removeLeftovers(dataDir);
  const draft = `${dataDir}.new-${process.pid}`;
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  own(identity, draft, passwordFile);
  const args = ['-D', draft, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'];
  const [program, ...rest] = [...identity.wrap, join(bin, 'initdb'), ...args, '--no-instructions'];
  try {
    execFileSync(program, rest, {
      ...credentials(identity),
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    throw new AppError('unavailable', `The embedded database could not be created in ${dataDir}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  renameSync(passwordFile, join(draft, PASSWORD_FILE));
  rmSync(dataDir, { recursive: true, force: true }); // empty, as checked above
  renameSync(draft, dataDir);
}

/**
 * Drafts of processes that were killed while initialising. The lock is held, so no Offprint is at work on one; the
 * `initdb` of the killed one may still write into it for a moment, hence the retries (linear: 100 ms, 200 ms, … 8 s in
 * all).
 */
async function removeLeftovers(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`;
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(dirname(dataDir), name), { recursive: true, force: true, maxRetries: 12, retryDelay: 100 });
  }
}

/** Returns the URL of the cluster in a folder that answers on a port. */
export function urlOf(dataDir: string, port: number): string {
  const password = readFileSync(join(dataDir, PASSWORD_FILE), 'utf8').trim();
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

/** Returns what a child process is to run as, where that is somebody else. */
export function credentials({ uid, gid }: Identity): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

function own({ uid, gid }: Identity, ...paths: string[]): void {
  if (uid === undefined || gid === undefined) return;
  for (const path of paths) if (statSync(path).uid !== uid) chownSync(path, uid, gid);
}
