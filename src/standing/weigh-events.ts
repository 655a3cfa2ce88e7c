import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { loadUnweighed, settleEvents, type UnweighedEvent, type WeighedEvent } from '../db/feedback/events.ts';
import { openOutages } from '../db/feedback/outages.ts';
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
import { leaveAfterComplaint } from '../subscribers/complain.ts';
import { guardDestinations, type Guarded } from './guard-destinations.ts';
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

/** Weighs one batch within a transaction. What is to be told then is told by `tell`, after the commit. */
export async function weighWithin(ctx: Context, tx: Tx): Promise<[WeighedEvent[], Guarded]> {
  const now = ctx.now();
  await lockStandings(tx);
  const provenSince = new Date(now.getTime() - ctx.config.PROVEN_DAYS * DAY_MS);
  const events = await loadUnweighed(tx, { provenSince, quietBefore: new Date(now.getTime() - REST_MS), most: MOST });
  if (events.length === 0) return [[], { waitAgain: 0, tell: () => Promise.resolve() }];
  const weighed = await weighAll(ctx, tx, events);
  await settleEvents(tx, weighed);
  return [weighed, await guardDestinations(ctx, tx, events, provenSince)];
}

async function weighAll(ctx: Context, tx: Tx, events: readonly UnweighedEvent[]): Promise<WeighedEvent[]> {
  const now = ctx.now();
  const states = await readStates(
    tx,
    events.flatMap(({ hash }) => hash ?? []),
  );
  const outages = new Set(
    (await openOutages(tx, [...new Set(events.map(({ destination }) => destination))])).map((each) => each.destination),
  );
  const changed = new Map<string, AddressState>();
  const doubted: string[] = [];
  const gone = new Map<number, 'hard' | 'complaint'>();
  const weighed: WeighedEvent[] = [];
  for (const event of events) {
    const { id, hash, proven } = event;
    if (hash === null) {
      weighed.push({ id, effect: event.deliveryId === null ? 'unplaced' : 'filed', proven, before: null, after: null });
      continue;
    }
    const state = changed.get(hash) ?? states.get(hash) ?? { standing: null, suppression: null };
    const verdict = weigh(state.standing ?? IN_GOOD_STANDING, {
      ...event,
      outage: outages.has(event.destination),
      suppressed: state.suppression?.reason ?? null,
      cadenceMs: cadenceMs(event.cadence),
    });
    const next = nextState(state, verdict, now);
    if (verdict.effect === 'in-doubt') doubted.push(hash);
    if (verdict.suppress && event.subscriberId !== null) gone.set(event.subscriberId, verdict.suppress.reason);
    changed.set(hash, next);
    const reader =
      verdict.effect === 'left' && event.subscriberId !== null
        ? await leaveAfterComplaint(ctx, tx, event.subscriberId)
        : null;
    const before = { ...plain(state), ...(reader ? { reader: reader.before } : {}) };
    const after = { ...plain(next), ...(reader ? { reader: reader.after } : {}) };
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    weighed.push({ id, effect: verdict.effect, proven, before: isSame ? null : before, after: isSame ? null : after });
  }
  await write(tx, changed);
  await letRest(tx, doubted, new Date(now.getTime() + REST_MS));
  for (const reason of ['hard', 'complaint'] as const) {
    const ids = [...gone].flatMap(([id, why]) => (why === reason ? [id] : []));
    if (ids.length > 0) await cancelOfMany(tx, ids, 'suppressed', now, reason);
  }
  return weighed;
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

async function write(tx: Tx, changed: ReadonlyMap<string, AddressState>): Promise<void> {
  await writeStandings(tx, new Map([...changed].map(([hash, { standing }]) => [hash, standing])));
  const suppressed = [...changed].flatMap(([hash, { suppression }]) =>
    suppression ? [[hash, suppression] as const] : [],
  );
  await writeKeptSuppressions(tx, new Map(suppressed));
}

/** As JSON holds it. */
function plain(state: AddressState): Record<string, unknown> {
  return JSON.parse(JSON.stringify(state)) as Record<string, unknown>;
}
