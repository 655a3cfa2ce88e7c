import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { findGivenUp, readEffects, recordEvents, type NewEvent } from '../db/feedback/events.ts';
import { lockStandings } from '../db/feedback/standings.ts';
import { loadUnweighed, settleEvents, type UnweighedEvent } from '../db/feedback/unweighed.ts';
import { announce } from '../hooks/announce.ts';
import { AppError } from '../lib/errors.ts';
import type { Effect } from '../model/feedback.ts';
import { checkBreaker } from './breaker.ts';
import { guardDestinations, type Guarded } from './guard-destinations.ts';
import { REST_MS } from './policy.ts';
import { weighBatch, type WeighedEvent } from './weigh-batch.ts';

/** As many events as one transaction weighs. */
const MOST = 500;
const DAY_MS = 86_400_000;

/** What weighing came to. */
export type Weighed = Partial<Record<Effect, number>> & { waitAgain: number };

/**
 * Weighs every event that nobody has weighed: what it makes of its address, and whether its destination errs. Each
 * batch is one transaction; whoever comes at the same time waits. Returns how many had which effect, and how many mails
 * wait again. Throws AppError conflict where somebody else weighs for longer than `mostMs`.
 */
export async function weighEvents(ctx: Context, wait: { mostMs?: number } = {}): Promise<Weighed> {
  const total: Weighed = { waitAgain: 0 };
  for (;;) {
    const told: Guarded[] = [];
    const { weighed, isAll } = await transaction(ctx.db, async (tx) => {
      await lockStandings(tx, wait);
      const weighing = await weighWithin(ctx, tx);
      told.push(weighing.guarded);
      return weighing;
    });
    for (const { weight } of weighed) total[weight.effect] = (total[weight.effect] ?? 0) + 1;
    for (const { waitAgain, tell } of told) {
      total.waitAgain += waitAgain;
      await tell();
    }
    if (isAll) return total;
  }
}

/**
 * Records events within a transaction as they are weighed, behind all that waits to be weighed. Returns what each came
 * to, undefined where it was known before, and what tells of it after the commit. Throws AppError conflict where one
 * became known meanwhile: then nothing of the transaction holds.
 */
export async function recordWeighed(
  ctx: Context,
  tx: Tx,
  added: readonly NewEvent[],
): Promise<{ effects: (Effect | undefined)[]; tell: () => Promise<void> }> {
  const { weighed, ids, guarded, isAll } = await weighWithin(ctx, tx, added);
  const rest = isAll ? null : await recordWeighed(ctx, tx, added);
  const effects = new Map(weighed.map(({ place, weight }) => [place, weight.effect]));
  if (guarded.hasBegun) {
    const excused = new Map((await readEffects(tx, [...ids.values()])).map(({ id, effect }) => [id, effect as Effect]));
    for (const [place, id] of ids) effects.set(place, excused.get(id) ?? 'excused');
  }
  return {
    effects: rest?.effects ?? added.map((_, place) => effects.get(place)),
    tell: () => guarded.tell().then(() => rest?.tell()),
  };
}

/** What weighing a batch came to. */
interface Weighing {
  weighed: readonly WeighedEvent[];
  /** Of those that were recorded, by their place among them. */
  ids: ReadonlyMap<number, bigint>;
  guarded: Guarded;
  /** Nothing more waits. */
  isAll: boolean;
}

/**
 * Weighs one batch within a transaction, and records those of it that are `added`. What is to be told then is told by
 * `tell`, after the commit.
 */
export async function weighWithin(ctx: Context, tx: Tx, added: readonly NewEvent[] = []): Promise<Weighing> {
  const now = ctx.now();
  await lockStandings(tx);
  const provenSince = new Date(now.getTime() - ctx.config.PROVEN_DAYS * DAY_MS);
  const known = { provenSince, quietBefore: new Date(now.getTime() - REST_MS), most: MOST };
  const events = await loadUnweighed(tx, known, added, now);
  const weighed = await weighBatch(ctx, tx, events);
  const recorded = weighed.flatMap(({ id, weight }) => (id === null ? [] : [{ id, ...weight }]));
  await settleEvents(tx, recorded);
  const ids = await recordAll(tx, weighed, added, now);
  const guarded = await guardDestinations(ctx, tx, events, provenSince);
  await tellGivenUp(ctx, tx, weighed, ids);
  const tell = () => guarded.tell().then(() => checkBreaker(ctx, seenIn(events)));
  return { weighed, ids, guarded: { ...guarded, tell }, isAll: recorded.length < MOST };
}

/** Records what was weighed of `added`; returns its ids by place. */
async function recordAll(
  tx: Tx,
  weighed: readonly WeighedEvent[],
  added: readonly NewEvent[],
  now: Date,
): Promise<Map<number, bigint>> {
  const weights = new Map(weighed.flatMap(({ place, weight }) => (place === null ? [] : [[place, weight] as const])));
  const events = added.flatMap((event, place) => {
    const weight = weights.get(place);
    return weight ? [{ ...event, ...weight }] : [];
  });
  const ids = await recordEvents(tx, events, now);
  if (ids.size < events.length) throw new AppError('conflict', 'an event became known while it was weighed');
  return new Map([...weights.keys()].map((place, at) => [place, ids.get(at) ?? 0n]));
}

/** Tells programs of each address that is given up, once the outages of this batch are known: they excuse some. */
async function tellGivenUp(
  ctx: Context,
  tx: Tx,
  weighed: readonly WeighedEvent[],
  recorded: ReadonlyMap<number, bigint>,
): Promise<void> {
  const ids = weighed.flatMap(({ id, place, weight }) =>
    weight.effect === 'suppressed' ? (id ?? recorded.get(place ?? -1) ?? []) : [],
  );
  if (ids.length > 0) await announce(ctx, tx, 'delivery.bounced', ...(await findGivenUp(tx, ids)));
}

function seenIn(events: readonly UnweighedEvent[]): Parameters<typeof checkBreaker>[1] {
  const refused = events.flatMap(({ kind, editionId }) => (kind === 'hard' && editionId !== null ? editionId : []));
  return { complained: events.some(({ kind }) => kind === 'complaint'), editions: [...new Set(refused)] };
}
