import type { Context } from './context.ts';
import { returnExpiredClaims } from './db/deliveries-lease.ts';
import { forgetRuns } from './db/runs.ts';
import { reconcile } from './deliver/run-reconcile.ts';
import { housekeepSubscribers } from './subscribers/housekeep.ts';

const DAY_MS = 86_400_000;
/** How long a run is remembered that did something, and one that found nothing to do. */
const RUN_MS = 30 * DAY_MS;
const IDLE_RUN_MS = DAY_MS;

/** Returns the claims of dead workers, adds up the ledger, reminds and forgets unconfirmed sign-ups, and drops old runs. */
export async function runHousekeeping(ctx: Context): Promise<Record<string, number>> {
  const now = ctx.now();
  const returned = await returnExpiredClaims(ctx.db, now, ctx.config);
  const sums = await reconcile(ctx);
  const subscribers = await housekeepSubscribers(ctx);
  const forgottenRuns = await forgetRuns(
    ctx.db,
    new Date(now.getTime() - RUN_MS),
    new Date(now.getTime() - IDLE_RUN_MS),
  );
  return { ...returned, ...sums, ...subscribers, forgottenRuns };
}
