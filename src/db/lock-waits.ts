import { setTimeout as sleep } from 'node:timers/promises';

// Nothing waits for a lock in silence: whoever waits longer than this says for whom.

/** How long somebody waits before it is said. */
export const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/** Who is in the way of whom, since when. */
export interface LockWait {
  /** What is waited for. */
  lock: string;
  seconds: number;
  /** Null where it was let go meanwhile. */
  holder: LockHolder | null;
}

/** A session that holds what somebody waits for. */
export interface LockHolder {
  /** The server's process. */
  pid: number;
  /** As the session named itself: `offprint web-1:4711`. */
  name: string;
  /** Where it came from; empty on the same machine. */
  from: string;
  since: string;
}

/** The columns of a holder, where `a` is its row of pg_stat_activity. */
export const HOLDER_COLUMNS = `a.pid, coalesce(a.application_name, '') AS name, coalesce(host(a.client_addr), '') AS "from",
  to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since`;

let hear: (line: string, wait: LockWait) => void = (line) => void process.stderr.write(`${line}\n`);

/** Lets the log hear of waits, instead of stderr. */
export function hearLockWaits(listener: (line: string, wait: LockWait) => void): void {
  hear = listener;
}

/** Says of one wait for whom it is. */
export function sayLockWait(wait: LockWait): void {
  const { lock, seconds, holder } = wait;
  const whom = holder
    ? `process ${holder.pid} of the server (${[holder.name, holder.from].filter(Boolean).join(', from ')}), since ${holder.since}`
    : 'nobody any more';
  hear(`Waiting for ${lock} for ${Math.round(seconds)} s: held by ${whom}.`, wait);
}

/**
 * Returns what somebody who asks again and again does between two times: it pauses, longer each time, and says after 10
 * s, and then ever more seldom, who is in the way.
 */
export function patience(
  lock: string,
  holderOf: () => Promise<LockHolder | null>,
  patienceMs = PATIENCE_MS,
): () => Promise<void> {
  const started = performance.now();
  let [pause, sayAt] = [FIRST_PAUSE_MS, patienceMs];
  return async () => {
    await sleep(pause * (0.5 + Math.random()));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    const waited = performance.now() - started;
    if (waited < sayAt) return;
    sayAt *= 2;
    sayLockWait({ lock, seconds: waited / 1_000, holder: await holderOf() });
  };
}
