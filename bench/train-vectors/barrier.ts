/** What threads meet at: the number of those waiting, and how many times all have met. */
export type Barrier = Int32Array;

/** Makes a barrier that threads share. */
export function createBarrier(): Barrier {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** A thread that is not here after ten minutes has ended by an error. */
const PATIENCE_MS = 600_000;

/** Waits until all threads are here. */
export function meet(barrier: Barrier, threads: number): void {
  const round = Atomics.load(barrier, 1);
  if (Atomics.add(barrier, 0, 1) === threads - 1) {
    Atomics.store(barrier, 0, 0);
    Atomics.add(barrier, 1, 1);
    Atomics.notify(barrier, 1);
    return;
  }
  if (Atomics.wait(barrier, 1, round, PATIENCE_MS) === 'timed-out')
    throw new Error('a thread of the training has ended');
}
