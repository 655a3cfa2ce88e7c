import type { OpenContext } from '../create-context.ts';
import { messageOf } from '../lib/errors.ts';

/** What is let go of after draining is given this, ms; without draining all of it has to fit in 10 s. */
const CLOSING_MS = 4_500;
const END_MS = 9_500;

/** Lets go of one thing; hears which signal ends the process. */
export type EndStep = (signal: 'SIGTERM' | 'SIGINT') => Promise<void>;

/**
 * Ends a process in order, at most once, within 10 seconds of SIGTERM or SIGINT (or of `drainMs` and a little more),
 * also while it is still opening. `steps` may grow as things start; they run first to last, then everything is closed.
 * The same signal once more ends it at once.
 */
export function endOnSignal(opening: Promise<OpenContext>, steps: EndStep[], drainMs = 0): void {
  let ending = false;
  const end = (signal: 'SIGTERM' | 'SIGINT') => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), Math.max(END_MS, drainMs + CLOSING_MS)).unref();
    void (async () => {
      const ctx = await opening.catch(() => null); // its failure is told by whoever opens
      ctx?.end();
      for (const step of steps) {
        await step(signal).catch((error: unknown) => ctx?.log.error({ problem: messageOf(error) }, 'stop'));
      }
      await ctx?.close();
      process.exit();
    })();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
