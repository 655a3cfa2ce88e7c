import { isOutage } from './outage.ts';

/** One of many with which something could not be done, and what was thrown. */
export interface Spared<T> {
  one: T;
  error: unknown;
}

/** More than this many that cannot be done: the fault is not theirs. */
const MOST = 20;

/**
 * Does work on all of some things at once; where that fails, on each half, down to those that cannot be done, which are
 * returned: the rest is done. The work must leave nothing behind where it throws (one transaction), or be safe to
 * repeat. Throws where the database is away, or it is `over` for another reason, where none of several can be done, and
 * from 21 on: then the fault is not theirs.
 */
export async function sparing<T>(
  all: readonly T[],
  work: (some: readonly T[]) => Promise<void>,
  isOver: (error: unknown) => boolean = isOutage,
): Promise<readonly Spared<T>[]> {
  const spared: Spared<T>[] = [];
  await inHalves(all, work, { spared, isOver });
  if (spared.length > 1 && spared.length === all.length) throw spared[0]?.error;
  return spared;
}

async function inHalves<T>(
  all: readonly T[],
  work: (some: readonly T[]) => Promise<void>,
  to: { spared: Spared<T>[]; isOver: (error: unknown) => boolean },
): Promise<void> {
  const [first] = all;
  if (first === undefined) return;
  try {
    await work(all);
  } catch (error) {
    if (to.isOver(error)) throw error;
    if (all.length === 1) {
      if (to.spared.push({ one: first, error }) > MOST) throw error;
      return;
    }
    const half = Math.ceil(all.length / 2);
    await inHalves(all.slice(0, half), work, to);
    await inHalves(all.slice(half), work, to);
  }
}
