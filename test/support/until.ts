import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until something holds, asking twenty times a second; fails with what was waited for. The bound is for what
 * never comes: a machine busy with other things takes many times as long as an idle one, and waits no longer than it
 * has to.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 45): Promise<void> {
  const ends = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > ends) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(50);
  }
}
