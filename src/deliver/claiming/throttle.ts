import { transaction, type Tx } from '../../db/client.ts';
import { deferClaims } from '../../db/ledger/lease.ts';
import { WAITS, WAITS_FOR } from '../../db/ledger/waiting.ts';
import { askDay } from '../../db/sending/days.ts';
import { grantDomainPlaces } from '../../db/sending/paces.ts';
import { readerClocks } from '../../db/sending/readers.ts';
import { releaseShares, shareDestinations } from '../../db/sending/shares.ts';
import { addDays, asDate, dateOnly } from '../../lib/time.ts';
import { domainOf } from '../../model/address.ts';
import { sortByPlace } from '../sending/pacing.ts';
import { persistently } from '../../lib/persistently.ts';
import { letGoIfOver, returnProbes, waitingForOutages } from './outages.ts';
import { quietUntil } from './quiet-hours.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';

/** What a destination may get of one batch. */
const HORIZON_MS = 2_000;
/** While others hold the last places of a day, it is asked again after this. */
const ASK_AGAIN_MS = 5_000;

/** A claim that may not go yet. */
export interface Waiting {
  delivery: ClaimedDelivery;
  until: Date;
  /** What the ledger says of it meanwhile; null: what it said before. */
  reason: string | null;
}

/**
 * Sets aside what may not go now, with no try counted, and returns the rest: destinations that refuse whom they know,
 * where who sleeps finds out nothing, quiet hours, then the day's number while warming up, then the rate and the places
 * of each destination. Who waits for the end of an outage takes no place from others, and is known to wait for it at
 * night, too. What a person waits for is exempt from all of them (`model/mail-kind.ts`).
 */
export async function throttle(run: SendingRun, claimed: ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
  const asleep = await findAsleep(run, claimed);
  const known = await keepFromOutages(run, claimed, asleep);
  const awake = await keepQuiet(run, known, asleep);
  const ofDay = await keepToDay(run, awake);
  const atRate = await keepToRates(run, ofDay);
  return keepToSlots(run, atRate);
}

async function keepFromOutages(
  run: SendingRun,
  claimed: ClaimedDelivery[],
  asleep: readonly Waiting[],
): Promise<ClaimedDelivery[]> {
  const wakes = new Map(asleep.map(({ delivery, until }) => [delivery.id, until]));
  const waiting = await setAside(run, await waitingForOutages(run, claimed, wakes));
  await letGoIfOver(run, waiting);
  return without(claimed, waiting);
}

async function keepQuiet(
  run: SendingRun,
  claimed: ClaimedDelivery[],
  asleep: readonly Waiting[],
): Promise<ClaimedDelivery[]> {
  if (asleep.length === 0) return claimed;
  const here = new Set(claimed);
  const waiting = asleep.filter(({ delivery }) => here.has(delivery));
  return without(claimed, await setAside(run, waiting));
}

/** Whom mail would wake now, and until when. */
async function findAsleep({ ctx }: SendingRun, claimed: readonly ClaimedDelivery[]): Promise<Waiting[]> {
  const hours = ctx.config.QUIET_HOURS;
  const bound = claimed.filter(({ kind }) => MAIL_KINDS[kind].quiet);
  if (!hours || bound.length === 0) return [];
  const clocks = await persistently(() =>
    readerClocks(
      ctx.db,
      bound.map(({ id }) => id),
    ),
  );
  const now = ctx.now();
  return bound.flatMap((delivery): Waiting[] => {
    const clock = clocks.get(delivery.id);
    const until = clock ? quietUntil(now, hours, clock) : null;
    return until
      ? [{ delivery, until, reason: `${WAITS}${WAITS_FOR.quietHours} of the reader, until ${hours.to}:00` }]
      : [];
  });
}

async function keepToDay(run: SendingRun, claimed: ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
  const { ctx } = run;
  const steps = ctx.config.WARM_UP;
  const bound = paced(claimed);
  if (!steps || bound.length === 0) return claimed;
  const now = ctx.now();
  const tomorrow = asDate(addDays(dateOnly(now), 1));
  return persistently(() =>
    transaction(ctx.db, async (tx) => {
      const today = await askDay(tx, steps, now, bound.length);
      if (!today || today.places === bound.length) return claimed;
      const soon = new Date(now.getTime() + ASK_AGAIN_MS);
      const reason = `${WAITS}${WAITS_FOR.warmUp} (${today.most} mails on day ${today.day})`;
      const waiting = bound.slice(today.places).map((delivery, n): Waiting => {
        return { delivery, until: n < today.perhaps ? soon : tomorrow, reason };
      });
      return without(claimed, await setAside(run, waiting, tx));
    }),
  );
}

async function keepToRates(run: SendingRun, claimed: ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
  const { ctx } = run;
  const bound = paced(claimed);
  if (bound.length === 0) return claimed;
  const wanted = new Map<string, number>();
  for (const { email } of bound) wanted.set(domainOf(email), (wanted.get(domainOf(email)) ?? 0) + 1);
  const rate = ctx.config.DOMAIN_RATE_PER_MINUTE;
  const gapMs = rate === undefined ? null : 60_000 / rate;
  const granted = await persistently(() => grantDomainPlaces(ctx.db, wanted, gapMs, HORIZON_MS));
  const { going, waiting } = sortByPlace(claimed, granted, gapMs ?? 0);
  await setAside(run, later(run, waiting));
  return going;
}

async function keepToSlots(run: SendingRun, claimed: ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
  const { slots } = run;
  if (!slots) return claimed;
  const inFlight = slots.inFlight();
  const wanted = new Map(paced(claimed).map(({ email }) => [domainOf(email), inFlight.get(domainOf(email)) ?? 0]));
  const { going, waiting } = slots.admit(claimed, await share(run, wanted));
  await setAside(run, later(run, waiting));
  return going;
}

/** Holds on to the shares of destinations that have mail in hand and lets go of the others: at each heartbeat. */
export async function renewShares(run: SendingRun): Promise<void> {
  const { ctx, slots, worker } = run;
  if (!slots) return;
  const inFlight = slots.inFlight();
  await releaseShares(ctx.db, worker, [...inFlight.keys()]);
  slots.share(await share(run, inFlight));
}

/** Gives all shares back: at the end of a run. */
export async function endShares({ ctx, slots, worker }: SendingRun): Promise<void> {
  if (slots) await releaseShares(ctx.db, worker);
}

/** Asks how many places of each destination are ours, beside the other workers'. */
function share({ ctx, worker }: SendingRun, inFlight: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const { DOMAIN_CONNECTIONS: most = 1, LEASE_SECONDS: leaseSeconds } = ctx.config;
  return persistently(() => shareDestinations(ctx.db, { worker, leaseSeconds, inFlight }, most));
}

/**
 * Writes until when mails wait, and lets go of them, and of the probes among them. In a transaction of the caller's an
 * outage is the caller's.
 */
async function setAside(run: SendingRun, waiting: Waiting[], tx: Tx = run.ctx.db): Promise<Waiting[]> {
  if (waiting.length === 0) return waiting;
  const claims = waiting.map(({ delivery, until, reason }) => ({ id: delivery.id, until, reason }));
  const write = async () => {
    await deferClaims(tx, run.worker, claims);
    await returnProbes(run, claims, tx);
  };
  await (tx === run.ctx.db ? persistently(write) : write());
  for (const { delivery, until } of waiting) {
    run.held.delete(delivery.id);
    run.deferredSeconds.add(Math.ceil(until.getTime() / 1000));
  }
  return waiting;
}

/** What waits for a place; the ledger goes on saying what it said. */
function later({ ctx }: SendingRun, waiting: readonly { delivery: ClaimedDelivery; inMs: number }[]): Waiting[] {
  const nowMs = ctx.now().getTime();
  return waiting.map(({ delivery, inMs }) => ({ delivery, until: new Date(nowMs + inMs), reason: null }));
}

/** Those of a kind that waits for paces, days and slots: no person waits for them. */
function paced(claimed: readonly ClaimedDelivery[]): ClaimedDelivery[] {
  return claimed.filter(({ kind }) => MAIL_KINDS[kind].paced);
}

function without(claimed: ClaimedDelivery[], waiting: readonly Waiting[]): ClaimedDelivery[] {
  if (waiting.length === 0) return claimed;
  const ids = new Set(waiting.map(({ delivery }) => delivery.id));
  return claimed.filter(({ id }) => !ids.has(id));
}
