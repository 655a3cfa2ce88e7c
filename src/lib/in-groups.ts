/** How things are gathered into groups. */
export interface Grouping<T> {
  /** Does the work on a group, and settles each of it by itself; it must not throw. */
  work: (group: readonly T[]) => Promise<void>;
  /** How much of a group one takes, 1 being all of it. */
  weightOf: (one: T) => number;
  /** Rests after each group, where others are to go first; how long one may wait for that is `patienceMs`. */
  rest?: Rest;
  patienceMs?: (one: T) => number;
}

/**
 * Rests after a group that took so many milliseconds. `dueMs` says by when one that waits has to be worked on, on the
 * clock of `performance.now()`; Infinity where none waits.
 */
export type Rest = (workedMs: number, dueMs: () => number) => Promise<void>;

/** The longest that the first of a group waits for others that are on their way, in milliseconds. */
const LONGEST_MS = 20;

/** A place in the queue; empty until its thing is made. */
interface Slot<T> {
  made?: { one: T; atMs: number };
}

/**
 * Returns what brings things into groups: each is made, then worked on together with those that came meanwhile, one
 * group at a time, in the order in which they came. A group is closed once it is full, once nothing more is on its way
 * within a turn of the event loop, or once its first has waited for 20 ms: one that comes alone waits for nobody.
 */
export function inGroups<T>(grouping: Grouping<T>): (make: () => Promise<T>) => Promise<void> {
  const { work, weightOf, rest, patienceMs = () => Infinity } = grouping;
  const queue: Slot<T>[] = [];
  const dueMs = () => Math.min(...queue.flatMap(({ made }) => (made ? made.atMs + patienceMs(made.one) : [])));
  let busy = false;

  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    await turnOfTheLoop();
    let next = nextGroup(queue, weightOf);
    for (; next.group.length > 0 && next.waitMs <= 0; next = nextGroup(queue, weightOf)) {
      queue.splice(0, next.group.length);
      const fromMs = performance.now();
      await work(next.group);
      await rest?.(performance.now() - fromMs, dueMs);
      await turnOfTheLoop();
    }
    busy = false;
    if (next.group.length > 0) setTimeout(() => void run(), next.waitMs);
  }

  return async (make) => {
    const slot: Slot<T> = {};
    queue.push(slot);
    try {
      slot.made = { one: await make(), atMs: performance.now() };
    } catch (error) {
      queue.splice(queue.indexOf(slot), 1);
      throw error;
    } finally {
      void run();
    }
  };
}

/** Finds what would be the next group, and how long it is to wait for more. */
function nextGroup<T>(queue: readonly Slot<T>[], weightOf: (one: T) => number): { group: T[]; waitMs: number } {
  const group: T[] = [];
  let weight = 0;
  for (const { made } of queue) {
    if (made === undefined) break;
    weight += weightOf(made.one);
    if (weight > 1 && group.length > 0) break;
    group.push(made.one);
  }
  const isMoreComing = weight < 1 && group.length < queue.length;
  const firstMs = queue[0]?.made?.atMs ?? 0;
  return { group, waitMs: isMoreComing ? firstMs + LONGEST_MS - performance.now() : 0 };
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
