import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Answers come at multiples of this, since what is known of an address would show in the time: no work, or some, and
 * more on a busy machine.
 */
const ANSWER_MS = 300;

/**
 * Does what depends on an address being known, and returns at the next multiple of 300 ms, so that the time tells
 * nothing of it.
 */
export async function inEvenTime<T>(work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    await sleep(ANSWER_MS - ((performance.now() - startedMs) % ANSWER_MS));
  }
}
