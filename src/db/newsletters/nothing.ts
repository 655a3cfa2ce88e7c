import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { NothingReason, Without } from '../../model/nothing.ts';
import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, int8, orNull, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** A reader who had a slot in an edition and got no mail. */
export interface ListedNothing {
  edition: string;
  reason: NothingReason;
  at: Date;
  /** Public id and address; null once the person is gone. */
  reader: string | null;
  email: string | null;
  /** Whether they got the edition after all, since it was sent again. */
  later: boolean;
}

/** What to look for; everything without a filter. */
export interface NothingFilter {
  edition?: string | undefined;
  reason?: NothingReason | undefined;
}

/** Names the readers for whom there was nothing new; in the planner's transaction. */
export async function noteNothing(db: Tx, without: readonly Without[], now: Date): Promise<void> {
  if (without.length === 0) return;
  const groups = new Map<string, Omit<Without, 'subscriberId'> & { readerIds: number[] }>();
  for (const { subscriberId, editionKey, reason } of without) {
    const name = `${editionKey} ${reason}`;
    const group = groups.get(name) ?? { editionKey, reason, readerIds: [] };
    group.readerIds.push(subscriberId);
    groups.set(name, group);
  }
  const data = [...groups.values()].map((group) => ({ ...group, n: group.readerIds.length, plannedAt: now }));
  await db.editionNothingReaders.createMany({ data });
}

/** Why an edition held nothing for a reader, and when that was planned. */
export interface NotedNothing {
  reason: NothingReason;
  at: Date;
}

/** Finds why an edition held nothing for a reader, as planned last; null where it was not so, or was forgotten. */
export async function findNothing(db: Tx, edition: string, subscriberId: number): Promise<NotedNothing | null> {
  const found = await db.editionNothingReaders.findFirst({
    where: { editionKey: edition, readerIds: { has: subscriberId } },
    orderBy: { id: 'desc' },
    select: { reason: true, plannedAt: true },
  });
  return found && { reason: found.reason as NothingReason, at: found.plannedAt };
}

/** How many readers had a slot in an edition and got no mail; why is null where an older version counted them. */
export interface NothingSum {
  reason: NothingReason | null;
  count: number;
}

const sums = query(
  'readers for whom there was nothing, by reason',
  { reason: orNull(textOf<NothingReason>()), count: filled(int4) },
  (given: { key: string }) => sql`
    SELECT reason, sum(n)::int AS count FROM (
      SELECT reason, n FROM edition_nothing_readers WHERE edition_key = ${given.key}
      UNION ALL SELECT NULL, n FROM edition_nothing WHERE edition_key = ${given.key}) all_of_them
    GROUP BY reason ORDER BY count DESC, reason`,
);

/** Counts the readers who had a slot in an edition and got no mail, since nothing new fitted, by reason. */
export function sumNothing(db: Tx, key: string): Promise<NothingSum[]> {
  return sums(db, { key });
}

const CURSOR = cursorOf('nothing', 'bigint', 'number');
/** Behind every batch, where a list begins. */
const NEWEST = 2n ** 63n - 1n;

const named = query(
  'readers for whom there was nothing, by name',
  {
    ...{ batch: int8, place: filled(int4), edition: text, reason: textOf<NothingReason>(), at: instant },
    ...{ reader: orNull(text), email: orNull(text), later: filled(bool) },
  },
  (given: { edition: string | null; reason: string | null; batch: bigint; place: number; most: number }) => sql`
    SELECT b.id AS batch, u.place::int AS place, b.edition_key AS edition, b.reason, b.planned_at AS at, s.public_id AS reader, s.email,
      EXISTS (SELECT FROM newsletters n JOIN editions e ON e.id = n.edition_id WHERE e.key = b.edition_key AND n.subscriber_id = s.id) AS later
    FROM edition_nothing_readers b CROSS JOIN LATERAL unnest(b.reader_ids) WITH ORDINALITY AS u (reader_id, place)
    LEFT JOIN subscribers s ON s.id = u.reader_id
    WHERE (${given.edition}::text IS NULL OR b.edition_key = ${given.edition}::text)
      AND (${given.reason}::text IS NULL OR b.reason = ${given.reason}::text)
      AND b.id <= ${given.batch} AND (b.id < ${given.batch} OR u.place > ${given.place})
    ORDER BY b.id DESC, u.place LIMIT ${given.most}`,
);

/** Lists the readers for whom there was nothing new, those planned last first. */
export async function listNothing(db: Tx, filter: NothingFilter, wish: PageWish): Promise<Page<ListedNothing>> {
  const { edition = null, reason = null } = filter;
  const page = await readPage(
    CURSOR,
    wish,
    (key, most) => named(db, { edition, reason, batch: key?.[0] ?? NEWEST, place: key?.[1] ?? 0, most }),
    ({ batch, place }) => [batch, place],
  );
  const rows = page.rows.map(({ edition: key, reason: why, at, reader, email, later }): ListedNothing => ({
    ...{ edition: key, reason: why, at, reader, email, later },
  }));
  return { ...page, rows };
}

const forget = command(
  'forget for whom there was nothing',
  (given: { before: Date; most: number }) => sql`
    UPDATE edition_nothing_readers SET reader_ids = '{}' WHERE id = ANY (ARRAY(
      SELECT id FROM edition_nothing_readers WHERE planned_at < ${given.before} AND reader_ids <> '{}' LIMIT ${given.most}))`,
);

/** Rows of one statement: each names some hundred readers. */
const BATCH = 5_000;

/** Forgets who they were of what was planned before an instant; how many they were stays. Returns how many batches. */
export async function forgetNothing(db: Tx, before: Date): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const some = await forget(db, { before, most: BATCH });
    forgotten += some;
    if (some < BATCH) return forgotten;
  }
}
