/**
 * Gathers what several connections want recorded into batches: while one is being written, the next one fills. F is the
 * result of a mail, H a mail that is announced: its `handed_at` has to be written before its body may go.
 */
export interface GroupCommit<F, H> {
  /**
   * Records the result of a mail that was allowed to go and announces the next one; either may be null. Resolves once
   * both are written: true where the next one may go.
   */
  exchange(finished: F | null, handing: H | null): Promise<boolean>;
  /** Asks once more whether a mail may go that was announced and has not gone yet. */
  again(handing: H): Promise<boolean>;
  /** Records the end of a mail that was never announced. */
  record(finished: F): Promise<void>;
}

interface Waiting<F, H> {
  finished: F | null;
  handing: H | null;
  resolve: (allowed: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * The longest that a batch waits for more connections to join it, while most of them are still sending (PostgreSQL's
 * own commit_delay does the same): a batch of ten mails costs little more than one of five. A server takes longer over
 * a mail than that, so hardly anybody notices.
 */
const PATIENCE_MS = 3;

/** Creates a group commit over `write`, which records a batch and returns which of the announced mails may go. */
export function createGroupCommit<F, H>(
  write: (finished: F[], handing: H[]) => Promise<(handing: H) => boolean>,
): GroupCommit<F, H> {
  let waiting: Waiting<F, H>[] = [];
  /** Mails that were let go and have no result yet: as many connections are away, and each will come back. */
  let sending = 0;
  let busy = false;
  let hurry: (() => void) | null = null;

  /** As many connections wait here as are still away. */
  const enough = () => waiting.length >= sending;

  /**
   * Resolves once half of the connections are here, or patience ends; whatever else ends in this tick of the event loop
   * joins too.
   */
  async function gather(): Promise<void> {
    await new Promise(setImmediate);
    if (enough()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    hurry = null;
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await gather();
      const batch = waiting;
      waiting = [];
      const finished = batch.flatMap((one) => (one.finished === null ? [] : [one.finished]));
      const handing = batch.flatMap((one) => (one.handing === null ? [] : [one.handing]));
      try {
        const allowed = await write(finished, handing);
        for (const one of batch) {
          const goes = one.handing !== null && allowed(one.handing);
          if (goes) sending += 1;
          one.resolve(goes);
        }
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    busy = false;
  }

  function join(finished: F | null, handing: H | null): Promise<boolean> {
    return new Promise((resolve, reject) => {
      waiting.push({ finished, handing, resolve, reject });
      if (enough()) hurry?.();
      if (busy) return;
      busy = true;
      void run();
    });
  }

  return {
    exchange: (finished, handing) => {
      if (finished !== null) sending -= 1;
      return join(finished, handing);
    },
    again: (handing) => {
      sending -= 1;
      return join(null, handing);
    },
    record: async (finished) => {
      await join(finished, null);
    },
  };
}
