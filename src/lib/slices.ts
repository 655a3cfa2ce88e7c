import { setImmediate as otherWork } from 'node:timers/promises';

/** Work that may pause where it yields. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all of it without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** How long other work waits at most, but for one step. */
const SLICE_MS = 10;

/** Does it in slices, between which other work of the process has its turn. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let from = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - from < SLICE_MS) continue;
    await otherWork();
    from = performance.now();
  }
}
