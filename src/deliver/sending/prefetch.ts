/** Items for the connections: fetched in batches ahead of need, and a few of them made ready. */
export interface Prefetch<T> {
  /** The next item, if one may go now. */
  poll(): T | null;
  /** Waits for the next item; null once there is no more and all that were given out are settled. */
  take(): Promise<T | null>;
  /** Returns an item that could not be used; it goes to the front. It is still to be settled. */
  putBack(item: T): void;
  /** Says that the work on an item that was given out is over. */
  settle(item: T): void;
  /** Fetches nothing more; resolves once no fetch is under way. */
  close(): Promise<void>;
}

/** What a prefetch works with. */
interface Options<R, T> {
  /** Brings the next batch; null when nothing is to be had now. */
  fetch: () => Promise<R[] | null>;
  /** Tells whether more will come soon: then an empty fetch is not the end. */
  expecting?: () => boolean;
  /** Starts making an item ready. */
  prepare: (raw: R) => T;
  /**
   * `enter` lets an item out, or says that it has to wait while others pass it; `leave` hears when the work on it is
   * over. Without a gate all go in order.
   */
  gate?: { enter: (item: T) => boolean; leave: (item: T) => void };
  /** Items kept ready. */
  lookahead: number;
  /** Milliseconds until the next fetch, after one that brought nothing and was not the end. */
  restMs?: number;
  signal: AbortSignal;
}

/** What is being done about the next batch. over: nothing more comes; the problem is what a fetch threw, if it did. */
type NextBatch =
  | { state: 'idle' }
  | { state: 'fetching'; done: Promise<void> }
  | { state: 'resting'; timer: NodeJS.Timeout }
  | { state: 'over'; problem: Error | null };

/**
 * Creates a prefetch. The next batch is fetched when the last one is half used. Where nothing is to be had while items
 * are still being worked on, or more is expected, it rests and fetches again, so one slow item holds up no other; else
 * it is over. Whoever waits is woken by whatever may help: a batch, an item that came back, a place at the gate, or the
 * end.
 */
export function createPrefetch<R, T>(options: Options<R, T>): Prefetch<T> {
  const { fetch, expecting = () => false, prepare, gate, lookahead, restMs = 1_000, signal } = options;
  const stock: R[] = [];
  const ready: T[] = [];
  const waiting: (() => void)[] = [];
  /** Given out and not settled. */
  let out = 0;
  let lastBatch = 0;
  let nextBatch: NextBatch = { state: 'idle' };

  const inHand = () => out + ready.length + stock.length;
  const wake = () => {
    for (const goOn of waiting.splice(0)) goOn();
  };
  signal.addEventListener('abort', wake, { once: true });

  /** Fetches where that is due and nothing else is being done about it. */
  function refill(): void {
    if (nextBatch.state !== 'idle' || stock.length > lastBatch / 2 || signal.aborted) return;
    const done = bring().then((next) => {
      if (nextBatch.state === 'fetching') nextBatch = next === 'rest' ? rest() : next; // else it was closed meanwhile
      wake();
    });
    nextBatch = { state: 'fetching', done };
  }

  async function bring(): Promise<NextBatch | 'rest'> {
    try {
      const more = await fetch();
      lastBatch = more?.length ?? 0;
      if (more) stock.push(...more);
      if (more) return { state: 'idle' };
      return inHand() > 0 || expecting() ? 'rest' : { state: 'over', problem: null };
    } catch (error) {
      return { state: 'over', problem: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  function rest(): NextBatch {
    return { state: 'resting', timer: setTimeout(endRest, restMs) };
  }

  function endRest(): void {
    if (nextBatch.state !== 'resting') return;
    clearTimeout(nextBatch.timer);
    nextBatch = { state: 'idle' };
    refill();
  }

  /** Makes one more item ready, if there is one. */
  function makeReady(): boolean {
    const raw = stock.shift();
    if (raw === undefined) return false;
    ready.push(prepare(raw));
    return true;
  }

  /** The first item that is let out; those that have to wait stay where they are. */
  function nextItem(): T | null {
    while (ready.length <= lookahead && makeReady());
    if (!gate) return ready.shift() ?? null;
    for (let at = 0; at < ready.length || makeReady(); at++) {
      const item = ready[at];
      if (item !== undefined && gate.enter(item)) return ready.splice(at, 1)[0] ?? null;
    }
    return null;
  }

  function poll(): T | null {
    if (signal.aborted) return null;
    const item = nextItem();
    if (item !== null) out += 1;
    refill();
    return item;
  }

  async function take(): Promise<T | null> {
    for (;;) {
      const item = poll();
      if (item !== null) return item;
      if (nextBatch.state === 'over' && nextBatch.problem) throw nextBatch.problem;
      if (nextBatch.state === 'over' || signal.aborted) return null;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    poll,
    take,
    putBack: (item) => {
      ready.unshift(item);
      wake();
    },
    settle: (item) => {
      out -= 1;
      gate?.leave(item);
      if (gate && ready.length > 0) wake();
      if (inHand() === 0) endRest(); // fetch at once: else the end would be found a whole rest later
    },
    close: async () => {
      const before = nextBatch;
      nextBatch = { state: 'over', problem: null };
      if (before.state === 'resting') clearTimeout(before.timer);
      if (before.state === 'fetching') await before.done;
    },
  };
}
