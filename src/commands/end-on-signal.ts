import type { OpenContext } from '../create-context.ts';
import { messageOf } from '../lib/errors.ts';

/**
 * Ends a process in order, at most once, within 10 seconds of SIGTERM or SIGINT, also while it is still opening.
 * `steps` may grow as things start; they run first to last, then everything is closed.
 */
export function endOnSignal(opening: Promise<OpenContext>, steps: (() => Promise<void>)[]): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), 9_500).unref();
    void (async () => {
      const ctx = await opening.catch(() => null); // its failure is told by whoever opens
      ctx?.end();
      for (const step of steps) {
        await step().catch((error: unknown) => ctx?.log.error({ problem: messageOf(error) }, 'stop'));
      }
      await ctx?.close();
      process.exit();
    })();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
