import { giveProbeBack, openOutages, outagesGoOn, takeProbes, type Outage } from '../../db/feedback/outages.ts';
import type { Tx } from '../../db/client.ts';
import { endWait, findProven, OUTAGE_WORDS } from '../../db/feedback/outage-mails.ts';
import { persistently } from '../../lib/persistently.ts';
import { domainOf } from '../../model/address.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { isNotice } from '../../model/mail-kind.ts';
import { endOutageOf, passProbeOf } from '../../standing/end-outage.ts';
import { PROBE_MS, SURE } from '../../standing/outage-rule.ts';
import type { SendingRun } from '../sending/sending-run.ts';

const DAY_MS = 86_400_000;

/** A newsletter that waits for the end of an outage. */
interface WaitingForOutage {
  delivery: ClaimedDelivery;
  until: Date;
  reason: string;
}

/**
 * Says which newsletters wait since their destination refuses whom it knows: all of proven readers, but for the one
 * mail an hour that finds out. Who is asleep finds out nothing, and waits until then.
 */
export async function waitingForOutages(
  run: SendingRun,
  claimed: ClaimedDelivery[],
  asleep: ReadonlyMap<bigint, Date>,
): Promise<WaitingForOutage[]> {
  const { ctx } = run;
  const newsletters = claimed.filter(({ kind }) => !isNotice(kind));
  const destinations = [...new Set(newsletters.map(({ email }) => domainOf(email)))];
  if (destinations.length === 0) return [];
  const open = await stillOpen(run, await persistently(() => openOutages(ctx.db, destinations)));
  if (open.size === 0) return [];
  const now = ctx.now();
  const since = new Date(now.getTime() - ctx.config.PROVEN_DAYS * DAY_MS);
  const there = newsletters.filter(({ email }) => open.has(domainOf(email)));
  const proven = await persistently(() =>
    findProven(
      ctx.db,
      there.map(({ id }) => id),
      since,
    ),
  );
  const held = there.filter(({ id }) => proven.has(id));
  const next = new Date(now.getTime() + PROBE_MS);
  const wanted = [...new Set(held.filter(({ id }) => !asleep.has(id)).map(({ email }) => domainOf(email)))];
  const probes = await persistently(() => takeProbes(ctx.db, wanted, { now, next, sure: SURE }));
  return held.flatMap((delivery) => {
    const destination = domainOf(delivery.email);
    const left = probes.get(destination) ?? 0;
    const wakes = asleep.get(delivery.id);
    if (!wakes && left > 0) {
      probes.set(destination, left - 1);
      run.probes.set(delivery.id, { destination, at: now });
      return [];
    }
    const probeAt = open.get(destination)?.probeAt ?? next;
    const until = probeAt > now ? probeAt : next;
    return [{ delivery, until: wakes && wakes > until ? wakes : until, reason: OUTAGE_WORDS }];
  });
}

/** Gives back the probes among mails that do not go now: another mail may find out as soon as they may go. */
export async function returnProbes(
  { probes }: SendingRun,
  waiting: readonly { id: bigint; until: Date }[],
  db: Tx,
): Promise<void> {
  for (const { id, until } of waiting) {
    const probe = probes.get(id);
    if (probe) await giveProbeBack(db, probe.destination, until);
  }
  for (const { id } of waiting) probes.delete(id);
}

/**
 * An outage that reports told of is over where the last probe that went was not reported by the time of the next one:
 * the 250 of our own server says nothing of it.
 */
async function stillOpen(run: SendingRun, outages: readonly Outage[]): Promise<Map<string, Outage>> {
  const { ctx } = run;
  const now = ctx.now();
  const open = new Map(outages.map((outage) => [outage.destination, outage]));
  for (const { destination, byReport, probeAt, probedAt, refusedAt } of outages) {
    if (!byReport || probeAt > now || probedAt === null || refusedAt >= probedAt) continue;
    await persistently(() => endOutageOf(ctx, destination));
    open.delete(destination);
  }
  return open;
}

/** What was set aside while its outage ended is due as well. */
export async function letGoIfOver(
  { ctx }: SendingRun,
  waiting: readonly { delivery: ClaimedDelivery }[],
): Promise<void> {
  const destinations = [...new Set(waiting.map(({ delivery }) => domainOf(delivery.email)))];
  if (destinations.length === 0) return;
  const open = await persistently(() => outagesGoOn(ctx.db, destinations));
  for (const destination of destinations)
    if (!open.has(destination)) await persistently(() => endWait(ctx.db, destination, ctx.now()));
}

/** Ends the outages whose probe was taken: what waited is due at once. */
export async function endProbed(run: SendingRun, finished: readonly FinishedAttempt[]): Promise<void> {
  if (run.probes.size === 0) return;
  for (const { id, state } of finished) {
    const probe = run.probes.get(id);
    if (!probe) continue;
    if (state === 'sent') {
      await persistently(() => passProbeOf(run.ctx, probe));
      run.lookAgain = true;
    }
    run.probes.delete(id);
  }
}
