import { setTimeout as pause } from 'node:timers/promises';
import type { Turn, Turns } from '../../context.ts';
import { later, type Host } from './pace.ts';

/** How long one is prepared to wait for a turn, and who hears of it. */
export interface Waiting {
  /** An instant of performance.now(). */
  until: number;
  signal?: AbortSignal | undefined;
  /** Hears of waits that a person would notice. */
  onWait?: ((host: string, ms: number) => void) | undefined;
}

const FREE: Turn = { end: () => Promise.resolve() };
/** Somebody who asks at this moment may be done long before their lease is over. */
const LOOK_AGAIN_MS = 400;
const NOTICED_MS = 900;

/**
 * Waits for the turn at a host and takes it; one that needs no rest needs no turns either. Returns the milliseconds
 * still to wait where that would be after `until`. Throws AbortError when told to stop.
 */
export async function takeTurn(
  turns: Turns,
  host: Host,
  leaseMs: number,
  { until, signal, onWait }: Waiting,
): Promise<Turn | number> {
  const began = performance.now();
  let said = false;
  for (;;) {
    signal?.throwIfAborted();
    const now = performance.now();
    if (now > until) return 0;
    if (host.restMs === 0) return FREE;
    const turn = await turns.take(host.name, leaseMs);
    if ('end' in turn) return turn;
    const waitMs = turn.taken ? Math.min(turn.waitMs, LOOK_AGAIN_MS) : turn.waitMs;
    if (now + waitMs > until) return turn.waitMs;
    if (!said && now + waitMs - began >= NOTICED_MS) {
      onWait?.(host.name, turn.waitMs);
      said = true;
    }
    await pause(later(waitMs) + 1, undefined, { signal });
  }
}
