import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { Weight } from '../db/feedback/events.ts';
import { letRest, writeKeptSuppressions, writeStandings, type AddressState } from '../db/feedback/standings.ts';
import type { UnweighedEvent } from '../db/feedback/unweighed.ts';
import { cancelOfMany } from '../db/ledger/deliveries.ts';
import { leaveByMail } from '../subscribers/leave-by-mail.ts';
import { cadenceMs, IN_GOOD_STANDING, REST_MS, weigh } from './policy.ts';

/** An event that is recorded, or has a place among those that are to be, with what it came to. */
export interface WeighedEvent {
  id: bigint | null;
  place: number | null;
  weight: Weight;
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

/** Weighs events in their order and writes what they make of addresses and readers; who asked writes the events. */
export async function weighBatch(ctx: Context, tx: Tx, events: readonly UnweighedEvent[]): Promise<WeighedEvent[]> {
  const states = new Map(events.flatMap(({ hash, state }) => (hash === null ? [] : [[hash, state] as const])));
  const batch: Batch = {
    states,
    held: new Set([...states].flatMap(([hash, { standing }]) => (standing ? [hash] : []))),
    changed: new Set(),
    doubted: [],
    gone: new Map(),
  };
  const weighed: WeighedEvent[] = [];
  for (const event of events)
    weighed.push({ id: event.id, place: event.place, weight: await weighOne(ctx, tx, batch, event) });
  await write(tx, batch, ctx.now());
  return weighed;
}

async function weighOne(ctx: Context, tx: Tx, batch: Batch, event: UnweighedEvent): Promise<Weight> {
  const { hash, proven, subscriberId } = event;
  const unchanged = { proven, before: null, after: null };
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
  const before = { ...state, ...(reader && { reader: reader.before }) };
  const after = { ...next, ...(reader && { reader: reader.after }) };
  return isDeepStrictEqual(before, after) ? { ...unchanged, effect } : { ...unchanged, effect, before, after };
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
