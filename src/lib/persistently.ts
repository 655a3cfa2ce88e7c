import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from './outage.ts';

/** How long a database that restarts is waited for. */
const PATIENCE_MS = 60_000;

/**
 * Repeats what may fail while the database restarts, with growing waits, for a minute; then throws what it threw. Only
 * for what may be repeated.
 */
export async function persistently<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const startedMs = performance.now();
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() - startedMs + waitMs > patienceMs || !isOutage(error)) throw error;
      await sleep(waitMs);
    }
  }
}
