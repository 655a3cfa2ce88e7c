import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { InterestKind } from '../../model/interest.ts';
import type { Tx } from '../client.ts';
import { instant, int4, text, textOf } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Readers of an interest are counted up to here: to count a million for one row takes longer than anybody waits. */
export const MOST_COUNTED = 1_000;

/** An interest with how many readers hold it. */
export interface ListedInterest {
  id: number;
  kind: InterestKind;
  key: string;
  createdAt: Date;
  /** Who wants it, and who mutes it, MOST_COUNTED at most. */
  wanted: number;
  muted: number;
}

const COLUMNS = {
  id: int4,
  kind: textOf<InterestKind>(),
  key: text,
  createdAt: instant,
  wanted: int4,
  muted: int4,
};

const interestsBehind = query(
  'interests behind one',
  COLUMNS,
  (given: { after: number; kind: InterestKind | null; most: number }) => sql`
    SELECT i.id, i.kind::text AS kind, i.key, i.created_at AS "createdAt", c.wanted, c.muted
    FROM (
      SELECT * FROM interests
      WHERE id > ${given.after} AND (${given.kind}::text IS NULL OR kind = ${given.kind}::text::interest_kind)
      ORDER BY id LIMIT ${given.most}) i
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT held.muted)::int AS wanted, count(*) FILTER (WHERE held.muted)::int AS muted
      FROM (SELECT s.muted FROM subscriber_interests s WHERE s.interest_id = i.id LIMIT ${MOST_COUNTED}) held) c
    ORDER BY i.id`,
);

const CURSOR = cursorOf('interests', 'number');

/** Lists the distinct interests by age, those of one kind or all. */
export function listInterests(
  db: Tx,
  { kind, ...wish }: PageWish & { kind?: InterestKind | undefined },
): Promise<Page<ListedInterest>> {
  return readPage<[number], ListedInterest>(
    CURSOR,
    wish,
    (key, most) => interestsBehind(db, { after: key?.[0] ?? 0, kind: kind ?? null, most }),
    ({ id }) => [id],
  );
}
