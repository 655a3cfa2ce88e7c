import type { Context } from '../context.ts';
import { foldSums } from '../db/ledger/edition-sums.ts';
import { forgetCaptures } from '../db/digests/captures.ts';
import { forgetTries } from '../db/ledger/forget-tries.ts';
import { returnExpiredClaims } from '../db/ledger/lease.ts';
import { forgetNothing } from '../db/newsletters/nothing.ts';
import { forgetOrigins } from '../db/operator/audit.ts';
import { forgetLostProcesses } from '../db/operator/processes.ts';
import { forgetRuns, RUN_DAYS } from '../db/operator/runs.ts';
import { forgetReports } from '../db/feedback/reports.ts';
import { forgetDays } from '../db/feedback/weather.ts';
import { foldReaderSums } from '../db/subscribers/reader-sums.ts';
import { forgetAddresses } from '../db/sources/addresses.ts';
import { forgetLeftovers } from './errands/forget-leftovers.ts';
import { watchDoors } from './feedback/watch-doors.ts';
import { reconcile } from './reconcile.ts';
import { weighEvents, type Weighed } from '../standing/weigh-events.ts';
import { housekeepSubscribers } from '../subscribers/housekeep.ts';

const DAY_MS = 86_400_000;
/** How long a run is remembered that found nothing to do. */
const IDLE_RUN_MS = DAY_MS;
/** How long it is remembered of an address that a source asked when that was; those of past days are asked no more. */
const ADDRESS_MS = 30 * DAY_MS;
/** How long it is counted what destinations answered: a page shows thirty days, and a year can be compared. */
const WEATHER_MS = 400 * DAY_MS;

/** How long it is kept for whom an edition held nothing: as long as anybody asks about it. */
const NOTHING_MS = 90 * DAY_MS;

/**
 * Returns the claims of dead workers, adds up the ledger, folds old sums, reminds and forgets unconfirmed sign-ups, and
 * drops old runs and addresses that no source asks any more. Each is done whatever becomes of the others; throws the
 * first of their errors in the end. Whom it forgets and what it tells stands in the audit log; the counts of the rest
 * stand in its run.
 */
export async function runHousekeeping(ctx: Context): Promise<Record<string, number>> {
  const now = ctx.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const days = (name: 'CAPTURE_DAYS' | 'FEEDBACK_DAYS' | 'ATTEMPT_DAYS' | 'AUDIT_IP_DAYS') =>
    before(ctx.config[name] * DAY_MS);
  const steps: (() => Promise<Record<string, number>>)[] = [
    async () => ({ ...(await returnExpiredClaims(ctx.db, now, ctx.config)) }),
    async () => ({ weighed: total(await weighEvents(ctx)) }),
    () => watchDoors(ctx),
    () => reconcile(ctx),
    () => housekeepSubscribers(ctx),
    async () => {
      await foldReaderSums(ctx.db);
      return { foldedSums: await foldSums(ctx.db, before(DAY_MS)) };
    },
    async () => ({ forgottenAddresses: await forgetAddresses(ctx.db, before(ADDRESS_MS)) }),
    async () => ({ forgottenCaptures: await forgetCaptures(ctx.db, days('CAPTURE_DAYS'), now) }),
    async () => ({ forgottenTries: await forgetTries(ctx.db, days('ATTEMPT_DAYS'), now) }),
    async () => ({ forgottenReports: await forgetReports(ctx.db, days('FEEDBACK_DAYS')) }),
    async () => ({ forgottenWeather: await forgetDays(ctx.db, dayOf(before(WEATHER_MS))) }),
    async () => ({ forgottenProcesses: await forgetLostProcesses(ctx.db) }),
    async () => ({ forgottenOrigins: await forgetOrigins(ctx.db, days('AUDIT_IP_DAYS')) }),
    async () => ({ forgottenNothing: await forgetNothing(ctx.db, before(NOTHING_MS)) }),
    () => forgetLeftovers(ctx),
    async () => ({ forgottenRuns: await forgetRuns(ctx.db, before(RUN_DAYS * DAY_MS), before(IDLE_RUN_MS)) }),
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

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** What a door recorded and died over. */
function total({ waitAgain, ...effects }: Weighed): number {
  return Object.values(effects).reduce((sum, count) => sum + count, waitAgain);
}
