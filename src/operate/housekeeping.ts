import type { Context } from '../context.ts';
import { foldSums } from '../db/ledger/edition-sums.ts';
import { returnExpiredClaims } from '../db/ledger/lease.ts';
import { forgetOrigins } from '../db/operator/audit.ts';
import { forgetLostProcesses } from '../db/operator/processes.ts';
import { forgetRuns } from '../db/operator/runs.ts';
import { forgetAddresses } from '../db/sources/addresses.ts';
import { reconcile } from './reconcile.ts';
import { housekeepSubscribers } from '../subscribers/housekeep.ts';

const DAY_MS = 86_400_000;
/** How long a run is remembered that did something, and one that found nothing to do. */
const RUN_MS = 30 * DAY_MS;
const IDLE_RUN_MS = DAY_MS;
/** How long it is remembered of an address that a source asked when that was; those of past days are asked no more. */
const ADDRESS_MS = 30 * DAY_MS;
/** How long it is kept from which network an act was done: as long as anybody asks who was at it, and no longer. */
const ORIGIN_MS = 90 * DAY_MS;

/**
 * Returns the claims of dead workers, adds up the ledger, folds old sums, reminds and forgets unconfirmed sign-ups, and
 * drops old runs and addresses that no source asks any more. Each is done whatever becomes of the others; throws the
 * first of their errors in the end. Whom it forgets and what it tells stands in the audit log; the counts of the rest
 * stand in its run.
 */
export async function runHousekeeping(ctx: Context): Promise<Record<string, number>> {
  const now = ctx.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const steps: (() => Promise<Record<string, number>>)[] = [
    async () => ({ ...(await returnExpiredClaims(ctx.db, now, ctx.config)) }),
    () => reconcile(ctx),
    () => housekeepSubscribers(ctx),
    async () => ({ foldedSums: await foldSums(ctx.db, before(DAY_MS)) }),
    async () => ({ forgottenAddresses: await forgetAddresses(ctx.db, before(ADDRESS_MS)) }),
    async () => ({ forgottenProcesses: await forgetLostProcesses(ctx.db) }),
    async () => ({ forgottenOrigins: await forgetOrigins(ctx.db, before(ORIGIN_MS)) }),
    async () => ({ forgottenRuns: await forgetRuns(ctx.db, before(RUN_MS), before(IDLE_RUN_MS)) }),
  ];
  const counts: Record<string, number> = {};
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      Object.assign(counts, await step());
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return counts;
}
