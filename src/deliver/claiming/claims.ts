import { claimDeliveries, type ClaimResult } from '../../db/ledger/claim.ts';
import { extendLeases, releaseClaims, releaseUnknownClaims, returnExpiredClaims } from '../../db/ledger/lease.ts';
import { refreshKeys } from '../../db/keys.ts';
import { messageOf } from '../../lib/errors.ts';
import { domainOf } from '../../model/address.ts';
import { largestBatch, nextBatchSize } from '../sending/pacing.ts';
import { persistently } from '../../lib/persistently.ts';
import type { Claimed } from '../sending/prepare-mail.ts';
import { prepareFacts } from './keep-journal.ts';
import { returnProbes } from './outages.ts';
import { withInputs } from './load-inputs.ts';
import { throttle, renewShares } from './throttle.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';

/** A server that could not be reached is tried again after this, or the first of RETRY_MINUTES where that is sooner. */
const UNREACHABLE_WAIT_MS = 30_000;
/** More than this many claimed at once: another worker may help. */
const HELP_FROM = 100;
/** A run does not end while one of the mails it set aside is due within this. */
const WORTH_WAITING_MS = 60_000;
/**
 * A database that stays away at the end is not waited for longer: the leases end by themselves, and SIGTERM must be
 * done in 10 s.
 */
const GIVE_BACK_PATIENCE_MS = 2_000;
/** More domains than this need not be told apart. */
const ENOUGH_DOMAINS = 10;
/** A clock that has not moved after this stands still. */
const STANDING_MS = 500;

/** Returns what brings the next batch of claims, ready to be composed; null once nothing is due. */
export function claimsOf(run: SendingRun): () => Promise<Claimed[] | null> {
  const { ctx, worker, counts } = run;
  const { connections } = ctx.mailer;
  const largest = () => largestBatch(ctx.config.SEND_RATE_PER_SECOND);
  let size = run.probe ? 1 : Math.min(Math.max(connections * 4, 20), largest());
  let fetchedAtMs: number | null = null;
  return async () => {
    if (run.probe && fetchedAtMs !== null) return null;
    const startedMs = performance.now();
    if (fetchedAtMs !== null) size = Math.min(nextBatchSize(size, startedMs - fetchedAtMs, connections), largest());
    fetchedAtMs = startedMs;
    const by = { worker, limit: size, now: ctx.now(), leaseSeconds: ctx.config.LEASE_SECONDS };
    for (;;) {
      const { claimed, cancelled, failed, uncertain, parked } = await claim(run, by);
      counts.cancelled += cancelled;
      counts.failed += failed;
      counts.uncertain += uncertain;
      if (claimed.length >= HELP_FROM) await ctx.queue.wake('deliver');
      const going = claimed.length > 0 ? await throttle(run, claimed) : [];
      if (going.length > 0) return persistently(() => readied(run, going));
      if (claimed.length + cancelled + failed + uncertain + parked === 0) return null;
    }
  };
}

/**
 * Loads what mails are composed of and what the journal says of them, and the keys of now: a run may last hours, and
 * none of its mails may leave with links that are dead.
 */
async function readied(run: SendingRun, going: ClaimedDelivery[]): Promise<Claimed[]> {
  const { db, keys } = run.ctx;
  await refreshKeys(db, keys);
  const claimed = await withInputs(db, going);
  await prepareFacts(run, claimed);
  return claimed;
}

/**
 * Claims, also over an outage: a claim whose answer was lost may hold what nobody knows of, which is given back before
 * the next one.
 */
async function claim(run: SendingRun, by: Parameters<typeof claimDeliveries>[1]): Promise<ClaimResult> {
  let unheard = false;
  const result = await persistently(async () => {
    if (unheard) await releaseUnknownClaims(run.ctx.db, run.worker, [...run.held.keys()]);
    unheard = true;
    return claimDeliveries(run.ctx.db, by);
  });
  for (const delivery of result.claimed) {
    run.held.set(delivery.id, delivery);
    if (run.domains.size < ENOUGH_DOMAINS) run.domains.add(domainOf(delivery.email));
  }
  return result;
}

/** Returns what tells whether something this run set aside is due soon, so that it is worth staying. */
export function expectingOf(run: SendingRun): () => boolean {
  const { ctx, probe, deferredSeconds, probes } = run;
  let seen = { nowMs: Number.NaN, atMs: 0 };
  return () => {
    const nowMs = ctx.now().getTime();
    if (probe) return false;
    if (probes.size > 0) return true; // what waits for its answer may be due with it
    if (run.lookAgain) return !(run.lookAgain = false);
    // A clock that stands still is a pretended one (`--now`): nothing becomes due by waiting.
    if (nowMs !== seen.nowMs) seen = { nowMs, atMs: performance.now() };
    else if (performance.now() - seen.atMs > STANDING_MS) return false;
    for (const second of deferredSeconds) if ((second + 1) * 1000 < nowMs) deferredSeconds.delete(second);
    return [...deferredSeconds].some((second) => second * 1000 <= nowMs + WORTH_WAITING_MS);
  };
}

/** Takes back the claims of dead workers. */
export async function takeBackExpired({ ctx, counts }: SendingRun): Promise<void> {
  const { uncertain } = await returnExpiredClaims(ctx.db, ctx.now(), ctx.config);
  counts.uncertain += uncertain;
}

/** Keeps our leases alive and takes back those of the dead, three times a lease. Returns what stops it. */
export function startHeartbeat(run: SendingRun): () => void {
  const { ctx, worker } = run;
  const beat = () => {
    extendLeases(ctx.db, worker, ctx.config.LEASE_SECONDS)
      .then(() => takeBackExpired(run))
      .then(() => renewShares(run))
      .catch((error: unknown) => ctx.log.warn({ problem: messageOf(error) }, 'heartbeat'));
  };
  const timer = setInterval(beat, (ctx.config.LEASE_SECONDS * 1000) / 3);
  return () => clearInterval(timer);
}

/**
 * Gives back what was claimed and never handed over: due at once, or a little later where the way out is in trouble.
 * Returns how many.
 */
export async function giveBack(run: SendingRun, trouble: string | null): Promise<number> {
  const { ctx, worker } = run;
  const wait = trouble === null ? 0 : Math.min(UNREACHABLE_WAIT_MS, firstRetryMs(run));
  const dueAt = new Date(ctx.now().getTime() + wait);
  const released = await persistently(() => releaseClaims(ctx.db, worker, dueAt, trouble), GIVE_BACK_PATIENCE_MS);
  const unsent = [...run.probes.keys()].map((id) => ({ id, until: dueAt }));
  await persistently(() => returnProbes(run, unsent, ctx.db), GIVE_BACK_PATIENCE_MS);
  if (released > 0) ctx.log.info({ released }, 'deliver gave back what it had claimed');
  return released;
}

/** The shortest wait the operator set. */
export function firstRetryMs({ ctx }: SendingRun): number {
  return (ctx.config.RETRY_MINUTES[0] ?? 1) * 60_000;
}
