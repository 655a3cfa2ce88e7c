/** Work for the lines, fetched in batches ahead of need and made ready a few pieces ahead. */
export interface Supply<T> {
  /** The next piece, if one is there now. */
  poll(): T | null;
  /** Waits for the next piece; null once there is no more and every piece given out is settled. */
  take(): Promise<T | null>;
  /** Returns a piece that could not be used; it goes to the front. It is still to be settled. */
  putBack(piece: T): void;
  /** Says that the work on a piece given out is over. */
  settle(piece: T): void;
  /** Fetches nothing more; resolves once no fetch is under way. */
  close(): Promise<void>;
}

interface Options<R, T> {
  /** Brings the next batch; null when nothing is to be had now. */
  fetch: () => Promise<R[] | null>;
  /** Tells whether something will be to be had soon, so that the end is not come yet. */
  expecting?: () => boolean;
  /** Starts making a piece ready. */
  prepare: (raw: R) => T;
  /** Lets a piece out, or says that it has to wait while others pass it; hears when the work on it is over. Without it all go in order. */
  gate?: { enter: (piece: T) => boolean; leave: (piece: T) => void };
  /** Pieces kept ready. */
  lookahead: number;
  /** Milliseconds until it is asked again, while nothing is to be had and the end is not come. */
  restMs?: number;
  signal: AbortSignal;
}

/**
 * Creates a supply: the next batch is fetched when the last one is half used; after an abort nothing more is given out. While a piece
 * is being worked on, or more is expected, whoever waits is asked for again and again: one slow piece holds up no other.
 */
export function createSupply<R, T>(options: Options<R, T>): Supply<T> {
  const { fetch, expecting = () => false, prepare, gate, lookahead, restMs = 1_000, signal } = options;
  const stock: R[] = [];
  const ready: T[] = [];
  const takers: (() => void)[] = [];
  let fetching: Promise<void> | null = null;
  let rest: NodeJS.Timeout | null = null;
  let drained = false;
  let closed = false;
  let failure: Error | undefined;
  let batch = 0;
  let out = 0;

  const wakeAll = () => {
    for (const wake of takers.splice(0)) wake();
  };
  const endRest = () => {
    if (rest) clearTimeout(rest);
    rest = null;
  };
  signal.addEventListener('abort', wakeAll, { once: true });

  function refill(): void {
    endRest();
    if (fetching || drained || closed || signal.aborted) return;
    fetching = bring().finally(() => {
      fetching = null;
      wakeAll();
    });
  }

  async function bring(): Promise<void> {
    try {
      const more = await fetch();
      batch = more?.length ?? 0;
      if (more) stock.push(...more);
      else if (out + ready.length + stock.length > 0 || expecting()) startRest();
      else drained = true;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      drained = true;
    }
  }

  function startRest(): void {
    if (closed) return;
    rest = setTimeout(() => {
      rest = null;
      if (stock.length === 0) refill();
    }, restMs);
  }

  /** Makes one more piece ready, if there is one. */
  function makeReady(): boolean {
    const raw = stock.shift();
    if (raw === undefined) return false;
    ready.push(prepare(raw));
    return true;
  }

  /** The first piece that is let out; those that have to wait stay where they are. */
  function nextPiece(): T | null {
    while (ready.length <= lookahead && makeReady());
    if (!gate) return ready.shift() ?? null;
    for (let at = 0; at < ready.length || makeReady(); at++) {
      const piece = ready[at];
      if (piece !== undefined && gate.enter(piece)) return ready.splice(at, 1)[0] ?? null;
    }
    return null;
  }

  function poll(): T | null {
    if (signal.aborted) return null;
    const piece = nextPiece();
    if (piece !== null) out += 1;
    if (!rest && stock.length <= batch / 2) refill();
    return piece;
  }

  async function take(): Promise<T | null> {
    for (;;) {
      const piece = poll();
      if (piece !== null) return piece;
      if (failure) throw failure;
      if (signal.aborted || (drained && !fetching && ready.length === 0)) return null;
      await new Promise<void>((resolve) => takers.push(resolve));
    }
  }

  return {
    poll,
    take,
    putBack: (piece) => {
      ready.unshift(piece);
      wakeAll();
    },
    settle: (piece) => {
      out -= 1;
      gate?.leave(piece);
      if (gate && ready.length > 0) wakeAll();
      if (rest && out + ready.length + stock.length === 0) refill();
    },
    close: async () => {
      closed = true;
      endRest();
      await fetching;
    },
  };
}
