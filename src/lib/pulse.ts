/** Tells how late the event loop is. */
export interface Pulse {
  /** Milliseconds that it was late at most within the last seconds, this moment included. */
  lateMs(): number;
}

/** How often it is looked at, and how long what was seen counts. */
const BEAT_MS = 250;
const REMEMBERED_MS = 5_000;

/** Begins to feel the pulse of the event loop; keeps no process alive. */
export function feelPulse(now: () => number = () => performance.now()): Pulse {
  let expected = now() + BEAT_MS;
  let seen: { at: number; ms: number }[] = [];
  const recent = () => seen.filter(({ at }) => now() - at <= REMEMBERED_MS);
  setInterval(() => {
    seen = [...recent(), { at: now(), ms: now() - expected }];
    expected = now() + BEAT_MS;
  }, BEAT_MS).unref();
  return { lateMs: () => Math.max(0, now() - expected, ...recent().map(({ ms }) => ms)) };
}
