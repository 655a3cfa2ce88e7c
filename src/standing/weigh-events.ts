import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { readEffects } from '../db/feedback/events.ts';
import { loadUnweighed, settleEvents, type UnweighedEvent, type WeighedEvent } from '../db/feedback/unweighed.ts';
import {
  letRest,
  lockStandings,
  readStates,
  writeKeptSuppressions,
  writeStandings,
  type AddressState,
} from '../db/feedback/standings.ts';
import { cancelOfMany } from '../db/ledger/deliveries.ts';
import type { Effect } from '../model/feedback.ts';
import { leaveByMail } from '../subscribers/leave-by-mail.ts';
import { checkBreaker } from './breaker.ts';
import { guardDestinations, NOTHING_GUARDED, type Guarded } from './guard-destinations.ts';
import { cadenceMs, IN_GOOD_STANDING, REST_MS, weigh } from './policy.ts';

/** As many events as one transaction weighs. */
const MOST = 500;
const DAY_MS = 86_400_000;

/** What weighing came to. */
export type Weighed = Partial<Record<Effect, number>> & { waitAgain: number };

/**
 * Weighs every event that nobody has weighed: what it makes of its address, and whether its destination errs. Each
 * batch is one transaction; whoever comes at the same time waits. Returns how many had which effect, and how many mails
 * wait again.
 */
export async function weighEvents(ctx: Context): Promise<Weighed> {
  const total: Weighed = { waitAgain: 0 };
  for (;;) {
    const told: Guarded[] = [];
    const weighed = await transaction(ctx.db, async (tx) => {
      const [events, guarded] = await weighWithin(ctx, tx);
      told.push(guarded);
      return events;
    });
    for (const { effect } of weighed) total[effect] = (total[effect] ?? 0) + 1;
    for (const { waitAgain, tell } of told) {
      total.waitAgain += waitAgain;
      await tell();
    }
    if (weighed.length < MOST) return total;
  }
}

/**
 * Weighs all there is within a transaction. Returns what each event came to, and what tells of it after the commit.
 */
export async function weighRest(
  ctx: Context,
  tx: Tx,
): Promise<{ effects: Map<bigint, Effect>; tell: () => Promise<void> }> {
  const [weighed, { tell, hasBegun }] = await weighWithin(ctx, tx);
  const rest = weighed.length < MOST ? null : await weighRest(ctx, tx);
  const own = hasBegun ? await effectsOf(tx, weighed) : weighed;
  const effects = rest?.effects ?? new Map<bigint, Effect>();
  for (const { id, effect } of own) effects.set(id, effect);
  return { effects, tell: () => tell().then(() => rest?.tell()) };
}

/** What events came to, some of which were excused after they were weighed. */
async function effectsOf(tx: Tx, weighed: readonly WeighedEvent[]): Promise<{ id: bigint; effect: Effect }[]> {
  const ids = weighed.map(({ id }) => id);
  return (await readEffects(tx, ids)).map(({ id, effect }) => ({ id, effect: effect as Effect }));
}

/** Weighs one batch within a transaction. What is to be told then is told by `tell`, after the commit. */
export async function weighWithin(ctx: Context, tx: Tx): Promise<[WeighedEvent[], Guarded]> {
  const now = ctx.now();
  await lockStandings(tx);
  const provenSince = new Date(now.getTime() - ctx.config.PROVEN_DAYS * DAY_MS);
  const events = await loadUnweighed(tx, { provenSince, quietBefore: new Date(now.getTime() - REST_MS), most: MOST });
  if (events.length === 0) return [[], NOTHING_GUARDED];
  const weighed = await weighAll(ctx, tx, events);
  await settleEvents(tx, weighed);
  const guarded = await guardDestinations(ctx, tx, events, provenSince);
  return [weighed, { ...guarded, tell: () => guarded.tell().then(() => checkBreaker(ctx, seenIn(events))) }];
}

function seenIn(events: readonly UnweighedEvent[]): Parameters<typeof checkBreaker>[1] {
  const refused = events.flatMap(({ kind, editionId }) => (kind === 'hard' && editionId !== null ? editionId : []));
  return { complained: events.some(({ kind }) => kind === 'complaint'), editions: [...new Set(refused)] };
}

/** One batch as it is weighed: what an event leaves is what the next one finds. */
interface Batch {
  states: Map<string, AddressState>;
  /** Those against which something is held. */
  held: ReadonlySet<string>;
  changed: Set<string>;
  doubted: string[];
  /** Readers to whom nothing more goes, and why. */
  gone: Map<number, 'hard' | 'complaint'>;
}

async function weighAll(ctx: Context, tx: Tx, events: readonly UnweighedEvent[]): Promise<WeighedEvent[]> {
  const hashes = events.flatMap(({ hash }) => hash ?? []);
  const states = await readStates(tx, hashes);
  const batch: Batch = {
    states,
    held: new Set([...states].flatMap(([hash, { standing }]) => (standing ? [hash] : []))),
    changed: new Set(),
    doubted: [],
    gone: new Map(),
  };
  const weighed: WeighedEvent[] = [];
  for (const event of events) weighed.push(await weighOne(ctx, tx, batch, event));
  await write(tx, batch, ctx.now());
  return weighed;
}

async function weighOne(ctx: Context, tx: Tx, batch: Batch, event: UnweighedEvent): Promise<WeighedEvent> {
  const { id, hash, proven, subscriberId } = event;
  const unchanged = { id, proven, before: null, after: null };
  if (hash === null) return { ...unchanged, effect: isOfMail(event) ? 'unplaced' : 'filed' };
  const state = batch.states.get(hash) ?? { standing: null, suppression: null };
  const verdict = weigh(state.standing ?? IN_GOOD_STANDING, {
    ...event,
    suppressed: state.suppression?.reason ?? null,
    cadenceMs: cadenceMs(event.cadence),
  });
  const { effect, suppress } = verdict;
  const next = nextState(state, verdict, ctx.now());
  batch.states.set(hash, next);
  batch.changed.add(hash);
  if (effect === 'in-doubt') batch.doubted.push(hash);
  if (suppress && subscriberId !== null) batch.gone.set(subscriberId, suppress.reason);
  const leaves = effect === 'left' && subscriberId !== null;
  const by = event.kind === 'complaint' ? 'job:feedback' : 'reader';
  const reader = leaves ? await leaveByMail(ctx, tx, subscriberId, by) : null;
  const before = { ...plain(state), ...(reader && { reader: reader.before }) };
  const after = { ...plain(next), ...(reader && { reader: reader.after }) };
  return isDeepStrictEqual(before, after) ? { ...unchanged, effect } : { id, proven, effect, before, after };
}

/** Is it said of one mail, which nobody could find? A letter needs none. */
function isOfMail({ kind, deliveryId }: UnweighedEvent): boolean {
  return deliveryId === null && ['hard', 'soft', 'complaint', 'delayed', 'delivered'].includes(kind);
}

function nextState(state: AddressState, { standing, suppress }: ReturnType<typeof weigh>, now: Date): AddressState {
  const isGood = standing.doubtedAt === null && standing.refusedAt === null;
  return {
    standing: isGood ? null : standing,
    suppression: suppress && !isStronger(state) ? { ...suppress, at: now } : state.suppression,
  };
}

/** A complaint is the last word; what else suppresses an address only gives way to it, or after an erasure. */
function isStronger({ suppression }: AddressState): boolean {
  return suppression?.reason === 'complaint';
}

async function write(tx: Tx, { states, held, changed, doubted, gone }: Batch, now: Date): Promise<void> {
  const all = [...changed].flatMap((hash) => {
    const state = states.get(hash);
    return state ? [{ hash, ...state }] : [];
  });
  const standings = all.filter(({ hash, standing }) => standing !== null || held.has(hash));
  await writeStandings(tx, new Map(standings.map(({ hash, standing }) => [hash, standing])));
  const suppressed = all.flatMap(({ hash, suppression }) => (suppression ? [[hash, suppression] as const] : []));
  await writeKeptSuppressions(tx, new Map(suppressed));
  await letRest(tx, doubted, new Date(now.getTime() + REST_MS));
  for (const reason of ['hard', 'complaint'] as const) {
    const ids = [...gone].flatMap(([id, why]) => (why === reason ? [id] : []));
    if (ids.length > 0) await cancelOfMany(tx, ids, 'suppressed', now, reason);
  }
}

/** As JSON holds it. */
function plain(state: AddressState): Record<string, unknown> {
  return JSON.parse(JSON.stringify(state)) as Record<string, unknown>;
}
