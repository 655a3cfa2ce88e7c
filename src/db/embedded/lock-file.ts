import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../lib/errors.ts';

/** A lock older than this was left by a process whose number somebody else has now: whoever needs longer keeps it. */
const STALE_AFTER_MS = 120_000;
const KEEP_MS = 5_000;
/** So long one holder is waited for that does not keep it. */
const WAIT_MS = 150_000;
/** After this somebody may want to hear whom is waited for. */
const SAY_AFTER_MS = 5_000;

/** What a holder can do with its lock file. */
export interface HeldLock {
  /** Keeps it fresh for work that takes longer than seconds. */
  keep(): void;
  /** Tells whether it is still ours: a machine that slept may have lost it to another process. */
  isOurs(): boolean;
}

/**
 * Runs `work` while holding a lock file that names this process; takes over from a holder that died. `waiting` hears
 * once of a holder that takes its time, by the number of its process.
 */
export async function withLockFile<T>(
  file: string,
  work: (lock: HeldLock) => Promise<T>,
  waiting?: (pid: string) => void,
): Promise<T> {
  const token = `${process.pid} ${Math.random().toString(36).slice(2)}`;
  await create(file, token, waiting);
  const isOurs = () => read(file) === token;
  let timer: NodeJS.Timeout | undefined;
  const keep = () => {
    timer ??= setInterval(() => isOurs() && touch(file), KEEP_MS);
    timer.unref();
  };
  try {
    return await work({ keep, isOurs });
  } finally {
    clearInterval(timer);
    if (isOurs()) rmSync(file, { force: true });
  }
}

async function create(file: string, token: string, waiting?: (pid: string) => void): Promise<void> {
  let seenMs = 0;
  for (let [all, waited] = [0, 0]; !tryCreate(file, token); all += 50, waited += 50) {
    const freshMs = touchedMs(file);
    if (freshMs > seenMs) [seenMs, waited] = [freshMs, 0];
    if (waited > WAIT_MS) throw new AppError('unavailable', `${file} is held by another process for too long`);
    if (all === SAY_AFTER_MS) waiting?.(read(file)?.split(' ')[0] ?? '');
    takeOverIfStale(file);
    await sleep(50);
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
  const touched = touchedMs(file);
  if (touched === 0) return false;
  const ageMs = nowMs() - touched;
  if (ageMs > STALE_AFTER_MS) return true;
  if (!content) return ageMs > 2_000; // created, holder died before writing its name
  return pid === process.pid || !isAlive(pid);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** When it was written or kept; 0 where there is none. */
function touchedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function touch(file: string): void {
  try {
    utimesSync(file, nowMs() / 1_000, nowMs() / 1_000);
  } catch {
    // It is no longer there: whoever holds it asks before anything that counts.
  }
}
