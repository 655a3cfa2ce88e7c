import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { ASKED_BY, PROVEN_BY, type NewEvent } from '../db/feedback/events.ts';
import { keepReports } from '../db/feedback/reports.ts';
import type { Effect } from '../model/feedback.ts';
import { recordWeighed } from '../standing/weigh-events.ts';
import { askByLink } from '../standing/writers.ts';
import { placeAll, type Kept, type Row, type Understood } from './place-events.ts';
import type { Taken, TakenEvent } from './received.ts';

/**
 * Keeps, records and weighs what was received, within a transaction, as if each had come alone; `told` gathers what is
 * to be told after it.
 */
export async function storeWithin(
  ctx: Context,
  tx: Tx,
  items: readonly Understood[],
  told: (() => Promise<void>)[],
): Promise<Taken[]> {
  const kept = await keepAll(tx, items, ctx.now());
  const taken = new Map<Understood, TakenEvent[]>(kept.map(({ item }) => [item, []]));
  for (const rows of inTurns(await placeAll(ctx, tx, kept))) {
    const effects = await record(ctx, tx, rows, told);
    for (const [at, { item, event }] of rows.entries()) {
      const { kind, mail, named } = event;
      const effect = effects[at] ?? 'already';
      taken.get(item)?.push({ kind, address: mail?.email ?? named, delivery: mail?.publicId ?? null, effect });
    }
  }
  return items.map((item) => ({ isNew: taken.has(item), events: taken.get(item) ?? [] }));
}

/**
 * Parts rows into turns: whatever speaks of somebody of whom an earlier report speaks waits for a later turn, since
 * what that one changes is what this one has to find. All of one report is in one turn.
 */
function inTurns(rows: readonly Row[]): Row[][] {
  const [turn, later]: [Row[], Row[]] = [[], []];
  const spokenOf = new Map<string, Understood>();
  const waits = new Set<Understood>();
  for (const row of rows) {
    for (const one of whomOf(row)) {
      const first = spokenOf.get(one) ?? row.item;
      spokenOf.set(one, first);
      if (first !== row.item) waits.add(row.item);
    }
  }
  for (const row of rows) (waits.has(row.item) ? later : turn).push(row);
  return later.length === 0 ? [turn] : [turn, ...inTurns(later)];
}

/** By whatever one event may touch what another one has changed. */
function whomOf({ event: { mail, named, writer }, providerId }: Row): string[] {
  const reader = writer?.id ?? mail?.subscriberId;
  return [
    ...(mail === null ? [] : [`mail ${mail.publicId}`]),
    ...(reader == null ? [] : [`reader ${reader}`]),
    ...[mail?.email, named].flatMap((address) => (address == null ? [] : [`address ${address}`])),
    ...(providerId === null ? [] : [`event ${providerId}`]),
  ];
}

/** Records and weighs events. Returns what each changed, in the order given; undefined where it was known before. */
async function record(
  ctx: Context,
  tx: Tx,
  rows: readonly Row[],
  told: (() => Promise<void>)[],
): Promise<(Effect | undefined)[]> {
  const events: NewEvent[] = [];
  for (const row of rows) events.push(newEvent(row, await ruleOf(ctx, tx, row)));
  const { effects, tell } = await recordWeighed(ctx, tx, events);
  told.push(tell);
  return effects;
}

/** Says what proves a wish to leave; where nothing does, its reader is asked. Null where it is none, or nobody's. */
async function ruleOf(ctx: Context, tx: Tx, { item, event: { kind, mail, writer } }: Row): Promise<string | null> {
  if (kind !== 'unsubscribe') return null;
  if (writer?.proof) return PROVEN_BY[writer.proof];
  const email = writer?.email ?? (mail?.subscriberId == null ? null : mail.email);
  if (email === null) return null;
  if (item.received.told) return PROVEN_BY.provider;
  return (await askByLink(ctx, tx, email)) ? ASKED_BY : null;
}

async function keepAll(tx: Tx, items: readonly Understood[], now: Date): Promise<Kept[]> {
  const ids = await keepReports(tx, items.map(reportOf), now);
  return items.flatMap((item, at) => {
    const reportId = ids[at] ?? null;
    return reportId === null ? [] : [{ item, reportId }];
  });
}

function newEvent(
  { item, reportId, event: { kind, mail, named, writer, said }, providerId }: Row,
  rule: string | null,
): NewEvent {
  const about = { deliveryId: mail?.id ?? null, subscriberId: writer?.id ?? null, named, providerId };
  return { door: item.received.door, kind, reportId, ...about, ...said, ...(rule !== null && { rule }) };
}

function reportOf({ received: { door, name, bytes, place }, sha256, mail, events }: Understood) {
  const kind = events[0]?.kind ?? 'other';
  const because = events[0]?.because ?? 'it tells of nothing';
  const isLetter = mail !== null && (kind === 'reply' || kind === 'other');
  const sender = mail?.from ?? null;
  return {
    door,
    name,
    sha256,
    bytes,
    kind,
    because,
    sender,
    subject: mail?.subject.slice(0, 500) ?? null,
    waits: isLetter,
    place: place ?? null,
  };
}
