import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../lib/errors.ts';

/** A holder is done within seconds; a lock older than this was left by a process whose number somebody else has now. */
const STALE_AFTER_MS = 120_000;
const WAIT_MS = 150_000;

/** Runs `work` while holding a lock file that names this process; takes over from a holder that died. */
export async function withLockFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  const token = `${process.pid} ${Math.random().toString(36).slice(2)}`;
  for (let waited = 0; !tryCreate(file, token); waited += 50) {
    if (waited > WAIT_MS) throw new AppError('unavailable', `${file} is held by another process for too long`);
    takeOverIfStale(file);
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    if (read(file) === token) rmSync(file, { force: true });
  }
}

/** Tells whether a process with this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function tryCreate(file: string, token: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, token);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a dead holder's file aside; where another waiter was faster and a new holder's file was moved, puts that back.
 */
function takeOverIfStale(file: string): void {
  const seen = read(file);
  if (seen === null || !isStale(file, seen)) return;
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (read(aside) !== seen) linkSync(aside, file);
  } catch {
    // Somebody else was faster: the next round looks again.
  }
  rmSync(aside, { force: true });
}

function isStale(file: string, content: string): boolean {
  const pid = Number(content.split(' ')[0]);
  try {
    const ageMs = performance.timeOrigin + performance.now() - statSync(file).mtimeMs;
    if (ageMs > STALE_AFTER_MS) return true;
    if (!content) return ageMs > 2_000; // created, holder died before writing its name
  } catch {
    return false;
  }
  return pid === process.pid || !isAlive(pid);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
