import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a test waits for what should come: a bound for what never does. A machine that does five other things takes
 * a minute for what an idle one does in three seconds.
 */
export const PATIENCE_MS = 100_000;

/**
 * Waits until something holds, asking twenty times a second; fails with what was waited for.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = PATIENCE_MS / 1000,
): Promise<void> {
  const ends = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > ends) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(50);
  }
}
