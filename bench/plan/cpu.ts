import { readFileSync } from 'node:fs';
import type pg from 'pg';

/** Adds up the processor time of a database's sessions, where its server runs on this machine (Linux). */
export interface ServerCpu {
  /** Seconds so far; null where it cannot be seen. */
  seconds(): number | null;
  close(): void;
}

const EVERY_MS = 500;

/** Watches the sessions of a pool, those that end included. */
export function watchServerCpu(pool: pg.Pool): ServerCpu {
  const seen = new Map<number, number>();
  let visible = true;
  const look = () => {
    for (const pid of seen.keys()) {
      const nanoseconds = onCpu(pid);
      if (nanoseconds !== null) seen.set(pid, nanoseconds);
    }
  };
  const add = (client: pg.PoolClient) => {
    const pid = (client as unknown as { processID: number }).processID;
    const before = onCpu(pid);
    if (before === null) visible = false;
    else seen.set(pid, before);
  };
  pool.on('connect', add);
  const timer = setInterval(look, EVERY_MS);
  return {
    seconds: () => {
      look();
      return visible ? [...seen.values()].reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9 : null;
    },
    close: () => {
      clearInterval(timer);
      pool.off('connect', add);
    },
  };
}

/** First field of schedstat: nanoseconds on a processor (Linux, Documentation/scheduler/sched-stats). */
function onCpu(pid: number): number | null {
  try {
    const [command, nanoseconds] = [
      readFileSync(`/proc/${pid}/comm`, 'utf8'),
      readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0],
    ];
    return command.startsWith('postgres') ? Number(nanoseconds) : null;
  } catch {
    return null;
  }
}
