import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { UnweighedEvent } from '../db/feedback/unweighed.ts';
import {
  beginOutage,
  believedSince,
  countProven,
  countRefused,
  endOutage,
  openOutages,
  outageGoesOn,
  type Outage,
} from '../db/feedback/outages.ts';
import { letWaitAgain, setAsideProven } from '../db/feedback/outage-mails.ts';
import { tellOperator } from '../operate/tell-operator.ts';
import { excuse } from './excuse.ts';
import { BELIEVED_MS, errs, LEAST_REFUSED, LONGEST_MS, PROBE_MS, provenNeeded, WINDOW_MS } from './outage-rule.ts';

/** What guarding came to. */
export interface Guarded {
  /** Mails that wait again. */
  waitAgain: number;
  /** Tells the operator, once all is committed. */
  tell: () => Promise<void>;
  /** Whether an outage began: what was weighed of its destination is excused now. */
  hasBegun: boolean;
}

/** Where there is nothing to look after. */
export const NOTHING_GUARDED: Guarded = { waitAgain: 0, tell: () => Promise.resolve(), hasBegun: false };

/**
 * Looks after destinations that refuse as unknown whom they know: where one refuses over 3 % and at least 20 of the
 * addresses that took a mail lately, within an hour, nobody of these loses anything by it: their mails wait, one an
 * hour finds out, the operator is told once, and again when it is over.
 */
export async function guardDestinations(
  ctx: Context,
  tx: Tx,
  events: readonly UnweighedEvent[],
  provenSince: Date,
): Promise<Guarded> {
  const refusals = events.filter(
    ({ kind, about, proven }) => kind === 'hard' && proven && (about ?? 'address') === 'address',
  );
  const destinations = [...new Set(refusals.map(({ destination }) => destination))].filter((name) => name !== '');
  if (destinations.length === 0) return NOTHING_GUARDED;
  const now = ctx.now();
  const tellings: (() => Promise<void>)[] = [];
  let waitAgain = 0;
  const open = new Map((await openOutages(tx, destinations)).map((outage) => [outage.destination, outage]));
  const probeAt = new Date(now.getTime() + PROBE_MS);
  if (open.size > 0) await outageGoesOn(tx, [...open.keys()], now, probeAt);
  for (const outage of open.values()) {
    if (now.getTime() - outage.beganAt.getTime() < LONGEST_MS)
      waitAgain += await letWaitAgain(tx, deliveriesOf(refusals, outage.destination), probeAt);
    else tellings.push(await giveUp(ctx, tx, outage));
  }
  const begins = await erring(tx, destinations, open, now, provenSince);
  for (const destination of begins) {
    const of = refusals.filter((event) => event.destination === destination);
    const begun = await begin(ctx, tx, destination, of, provenSince);
    waitAgain += begun.waitAgain;
    tellings.push(begun.tell);
  }
  return {
    waitAgain,
    hasBegun: begins.length > 0,
    tell: async () => {
      for (const tell of tellings) await tell();
    },
  };
}

async function erring(
  tx: Tx,
  destinations: readonly string[],
  open: ReadonlyMap<string, Outage>,
  now: Date,
  provenSince: Date,
): Promise<string[]> {
  const refused = await countRefused(tx, destinations, new Date(now.getTime() - WINDOW_MS));
  const many = destinations.filter((name) => !open.has(name) && (refused.get(name) ?? 0) >= LEAST_REFUSED);
  if (many.length === 0) return [];
  const believed = await believedSince(tx, many, new Date(now.getTime() - BELIEVED_MS));
  const found: string[] = [];
  for (const destination of many) {
    const count = refused.get(destination) ?? 0;
    if (believed.has(destination)) continue;
    if (errs(count, await countProven(tx, destination, provenNeeded(count), provenSince))) found.push(destination);
  }
  return found;
}

async function begin(
  ctx: Context,
  tx: Tx,
  destination: string,
  events: readonly UnweighedEvent[],
  provenSince: Date,
): Promise<Omit<Guarded, 'hasBegun'>> {
  const now = ctx.now();
  const probeAt = new Date(now.getTime() + PROBE_MS);
  const last = events.at(-1);
  const { excused, deliveries, beganAt } = await excuse(ctx, tx, destination, new Date(now.getTime() - WINDOW_MS));
  const byReport = last?.door !== 'session';
  const reply = last?.line ?? '';
  await beginOutage(tx, { destination, beganAt, refusedAt: now, probeAt, byReport, reply });
  const waitAgain = await letWaitAgain(tx, deliveries, probeAt);
  await setAsideProven(tx, destination, provenSince, probeAt);
  return { waitAgain, tell: () => tellOfBegin(ctx, { destination, refused: excused, beganAt, reply }) };
}

function deliveriesOf(events: readonly UnweighedEvent[], destination: string): bigint[] {
  return events.flatMap((event) =>
    event.destination === destination && event.deliveryId !== null ? event.deliveryId : [],
  );
}

async function giveUp(ctx: Context, tx: Tx, { destination, beganAt }: Outage): Promise<() => Promise<void>> {
  await endOutage(tx, destination, ctx.now(), true);
  const hours = LONGEST_MS / 3_600_000;
  const lines = [
    `${destination} has refused readers it knows as unknown since ${beganAt.toISOString()}. After ${hours} hours that is believed: whoever is refused again after three days is suppressed.`,
    `To take all of that back: offprint feedback undo --domain ${destination} --since ${beganAt.toISOString()}`,
  ];
  const key = `outage-believed:${destination}:${beganAt.toISOString()}`;
  return () => tellOperator(ctx, { key, subject: `${destination} still refuses its readers`, lines }, 'job:deliver');
}

async function tellOfBegin(
  ctx: Context,
  { destination, refused, beganAt, reply }: { destination: string; refused: number; beganAt: Date; reply: string },
): Promise<void> {
  ctx.log.error({ destination, refused, reply }, 'a destination refuses its readers as unknown');
  const subject = `${destination} refuses its readers as unknown`;
  const lines = [
    `Since ${beganAt.toISOString()} ${destination} has refused ${refused} addresses that took mails lately: ${reply}`,
    'That is its fault rather than theirs: nobody of them is suppressed, and their newsletters wait. One mail an hour finds out whether it works again; you are told when it does.',
    'If the domain has really given up its mailboxes, suppress them by `offprint suppress add`.',
  ];
  await tellOperator(ctx, { key: `refusals:${destination}:${beganAt.toISOString()}`, subject, lines }, 'job:deliver');
}
