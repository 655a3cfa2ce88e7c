import { asDate, dateOnly } from '../../lib/time.ts';
import type { Fact } from '../../model/fact.ts';
import type { Wish } from '../../model/interest.ts';
import type { Preferences, Subscriber } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { tellFacts } from '../facts.ts';
import { int4 } from '../columns.ts';
import { lockWithin } from '../locks.ts';
import { query, sql } from '../statement.ts';
import type { Subscriber as SubscriberRecord } from '../generated/client.ts';
import { loadGivenLikes } from '../interests/examples.ts';
import { dropGivenUpInterests, internInterests } from '../interests/interests.ts';

/** What may be written to a subscriber. */
export type SubscriberChange = Partial<
  Omit<Subscriber, 'id' | 'publicId' | 'createdAt' | 'source' | 'lastNewsletterAt'> & { welcomeDueAt: Date | null }
>;

/**
 * Keeps everybody else away from a mailbox (by its hash) until the transaction ends: two forms at once become one after
 * the other.
 */
export async function lockMailbox(db: Tx, hash: Uint8Array): Promise<void> {
  await lockWithin(db, `mailbox:${Buffer.from(hash).toString('hex', 0, 8)}`);
}

/** Finds a subscriber by canonical address. */
export async function findSubscriberByEmail(db: Tx, email: string): Promise<Subscriber | null> {
  const row = await db.subscriber.findUnique({ where: { email } });
  return row ? toSubscriber(row) : null;
}

/** Finds a subscriber by their number. */
export async function findSubscriberById(db: Tx, id: number): Promise<Subscriber | null> {
  const row = await db.subscriber.findUnique({ where: { id } });
  return row ? toSubscriber(row) : null;
}

/** Finds a subscriber by the id that links carry. */
export async function findSubscriber(db: Tx, publicId: string): Promise<Subscriber | null> {
  const row = await db.subscriber.findUnique({ where: { publicId } });
  return row ? toSubscriber(row) : null;
}

/** Returns when a subscriber's welcome newsletter is due; null where none is to come. */
export async function findWelcomeDueAt(db: Tx, id: number): Promise<Date | null> {
  return (await db.subscriber.findUnique({ where: { id }, select: { welcomeDueAt: true } }))?.welcomeDueAt ?? null;
}

const lockRow = query(
  'lock a subscriber',
  { id: int4 },
  (given: { publicId: string }) => sql`SELECT id FROM subscribers WHERE public_id = ${given.publicId} FOR UPDATE`,
);

/** Finds a subscriber and locks the row until the transaction ends. */
export async function lockSubscriber(db: Tx, publicId: string): Promise<Subscriber | null> {
  await lockRow(db, { publicId });
  return findSubscriber(db, publicId);
}

/** Creates a pending subscriber. */
export async function createSubscriber(
  db: Tx,
  row: Preferences & { publicId: string; email: string; addressHash: Uint8Array; source: string; createdAt: Date },
): Promise<Subscriber> {
  const { publicId, email, addressHash, source, createdAt, ...given } = row;
  const { cadence, weekday, hour, timeZone, maxPapers, selectivity, perhaps, language } = given;
  const preferences = { cadence, weekday, hour, timeZone, maxPapers, selectivity, perhaps, language };
  const data = {
    publicId,
    email,
    addressHash: Uint8Array.from(addressHash),
    source,
    createdAt,
    status: 'pending' as const,
  };
  return toSubscriber(await db.subscriber.create({ data: { ...data, ...preferences } }));
}

/** Writes changes to a subscriber and returns them as they now are. */
export async function changeSubscriber(db: Tx, id: number, change: SubscriberChange): Promise<Subscriber> {
  const { addressHash, lastSlotOn, ...rest } = change;
  const data = {
    ...rest,
    ...(addressHash ? { addressHash: Uint8Array.from(addressHash) } : {}),
    ...('nextDueAt' in change ? { planningProblem: null, planningProblemAt: null } : {}), // a new schedule is a new try
    ...(lastSlotOn === undefined ? {} : { lastSlotOn: lastSlotOn === null ? null : asDate(lastSlotOn) }),
  };
  const row = await db.subscriber.update({ where: { id }, data });
  tellFacts(db, ...factsIn(change, row.publicId));
  return toSubscriber(row);
}

/** What of a change must outlive a restore of the database. */
function factsIn({ status, addressHash }: SubscriberChange, reader: string): Fact[] {
  const facts: Fact[] = [];
  if (addressHash) facts.push({ what: 'moved', reader, hash: Buffer.from(addressHash).toString('hex') });
  if (status === 'unsubscribed') facts.push({ what: 'left', reader });
  if (status === 'confirmed') facts.push({ what: 'returned', reader });
  return facts;
}

/** Reads what a subscriber asked for, wanted first, in their own wording. */
export async function loadWishes(db: Tx, subscriberId: number): Promise<Wish[]> {
  const rows = await db.subscriberInterest.findMany({
    where: { subscriberId },
    orderBy: [{ muted: 'asc' }, { interestId: 'asc' }],
    select: { muted: true, wording: true, interestId: true, interest: { select: { kind: true } } },
  });
  const likes = await loadGivenLikes(
    db,
    rows.flatMap(({ interest, interestId }) => (interest.kind === 'like' ? [interestId] : [])),
  );
  return rows.map(({ interestId, interest: { kind }, wording, muted }) => {
    const like = likes.get(interestId);
    return { kind, text: wording, muted, ...(like && { like }) };
  });
}

/**
 * Replaces what a subscriber asked for; returns whether anything changed. Interests that older newsletters name as
 * their reasons stay.
 */
export async function replaceWishes(
  db: Tx,
  subscriberId: number,
  wishes: readonly Wish[],
  now: Date,
): Promise<boolean> {
  const ids = await internInterests(db, [...wishes], now);
  const rows = new Map(
    wishes.map((wish, index) => [`${ids[index]} ${wish.muted}`, { ...wish, interestId: ids[index] ?? 0 }]),
  );
  const old = await db.subscriberInterest.findMany({ where: { subscriberId } });
  const same =
    old.length === rows.size && old.every((row) => rows.get(`${row.interestId} ${row.muted}`)?.text === row.wording);
  if (same) return false;
  const wanted = [...rows.values()];
  await db.subscriberInterest.deleteMany({ where: { subscriberId } });
  await db.subscriberInterest.createMany({
    data: wanted.map(({ interestId, muted, text }) => ({ subscriberId, interestId, muted, wording: text })),
  });
  const given = new Set(wanted.map((row) => row.interestId));
  const givenUp = old.map((row) => row.interestId).filter((id) => !given.has(id));
  await dropGivenUpInterests(db, subscriberId, [...new Set(givenUp)]);
  return true;
}

export function toSubscriber(row: SubscriberRecord): Subscriber {
  return { ...row, lastSlotOn: row.lastSlotOn ? dateOnly(row.lastSlotOn) : null };
}
