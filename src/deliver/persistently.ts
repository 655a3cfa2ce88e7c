import { setTimeout as sleep } from 'node:timers/promises';

/** How long a database that restarts is waited for. */
const PATIENCE_MS = 60_000;

/** Repeats what may fail while the database restarts, with growing waits, for a minute; then throws what it threw. Only for what may be repeated. */
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

/** Tells whether the database is away: connection lost (class 08), server going down or starting (57P), deadlock or serialisation (40), too many connections (53), or no server at all. */
export function isOutage(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  if (/^(08|57P|40|53)/.test(code) || /^E(CONN|PIPE|AI_|HOST|TIMEDOUT|NOTFOUND)/.test(code)) return true;
  if (/^P(1001|1002|1008|1017|2024|2034)$/.test(code)) return true;
  return /terminat|ECONNREFUSED|ECONNRESET|Connection (closed|ended)|closed the connection|timeout/i.test(
    error instanceof Error ? error.message : '',
  );
}
