/** Gathers what several lines want recorded into turns: while one turn is being written, the next one fills (group commit). */
export interface Turns<F, H> {
  /** Records a finished mail and announces the next one, either may be null; resolves once written: may the next one go? */
  exchange(finished: F | null, handing: H | null): Promise<boolean>;
}

interface Waiting<F, H> {
  finished: F | null;
  handing: H | null;
  resolve: (allowed: boolean) => void;
  reject: (error: unknown) => void;
}

/** Creates the turns over `write`, which records one of them and returns which of the announced mails may go. */
export function createTurns<F, H>(
  write: (finished: F[], handing: H[]) => Promise<(handing: H) => boolean>,
): Turns<F, H> {
  let waiting: Waiting<F, H>[] = [];
  let busy = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const turn = waiting;
      waiting = [];
      const finished = turn.flatMap((one) => (one.finished === null ? [] : [one.finished]));
      const handing = turn.flatMap((one) => (one.handing === null ? [] : [one.handing]));
      try {
        const allowed = await write(finished, handing);
        for (const one of turn) one.resolve(one.handing !== null && allowed(one.handing));
      } catch (error) {
        for (const one of turn) one.reject(error);
      }
    }
    busy = false;
  }

  return {
    exchange: (finished, handing) =>
      new Promise((resolve, reject) => {
        waiting.push({ finished, handing, resolve, reject });
        if (busy) return;
        busy = true;
        setImmediate(() => void run()); // whatever else ends in this tick of the event loop joins the turn
      }),
  };
}
