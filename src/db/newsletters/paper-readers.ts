import { cursorOf, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { filled, instant, int8, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A newsletter that held a paper. */
export interface PaperReader {
  id: bigint;
  email: string;
  readerId: string;
  edition: string;
  createdAt: Date;
  /** State of its delivery; null where it is gone. */
  state: string | null;
}

/** Newsletters looked through for one page: no index knows papers, since planning a million would pay for it. */
const LOOKED_THROUGH = 20_000;
const CURSOR = cursorOf('newsletters with a paper', 'bigint');

const holding = query(
  'newsletters with a paper',
  {
    id: filled(int8),
    lowest: orNull(int8),
    email: orNull(text),
    readerId: orNull(text),
    edition: orNull(text),
    createdAt: orNull(instant),
    state: orNull(text),
  },
  (given: { paperId: number; before: bigint | null; since: Date; most: number }) => sql`
    WITH looked AS MATERIALIZED (
      SELECT id, subscriber_id, edition_id, created_at, paper_ids FROM newsletters
      WHERE id < COALESCE(${given.before}::bigint, 9223372036854775807) ORDER BY id DESC LIMIT ${LOOKED_THROUGH}),
    found AS (SELECT * FROM looked WHERE paper_ids @> ARRAY[${given.paperId}::int] AND created_at >= ${given.since} ORDER BY id DESC LIMIT ${given.most}),
    ending AS (
      SELECT CASE WHEN count(*) = ${LOOKED_THROUGH} AND min(created_at) >= ${given.since} THEN min(id) END AS lowest FROM looked)
    SELECT COALESCE(f.id, 0) AS id, ending.lowest, s.email, s.public_id AS "readerId", ed.key AS edition, f.created_at AS "createdAt",
      (SELECT d.state::text FROM deliveries d WHERE d.newsletter_id = f.id ORDER BY d.id DESC LIMIT 1) AS state
    FROM ending LEFT JOIN found f ON true LEFT JOIN subscribers s ON s.id = f.subscriber_id LEFT JOIN editions ed ON ed.id = f.edition_id
    ORDER BY f.id DESC NULLS LAST`,
);

/**
 * Lists newsletters that hold a paper, newest first, none from before an instant. A page looks through 20,000
 * newsletters at most, so that it may hold fewer rows than asked for, or none, and still go on.
 */
export async function listPaperReaders(
  db: Tx,
  { paperId, since, cursor, limit }: PageWish & { paperId: number; since: Date },
): Promise<Page<PaperReader>> {
  const [before] = CURSOR.read(cursor) ?? [null];
  const found = await holding(db, { paperId, before, since, most: limit + 1 });
  const rows = found.flatMap(({ id, email, readerId, edition, createdAt, state }) =>
    email === null || readerId === null || edition === null || createdAt === null
      ? []
      : [{ id, email, readerId, edition, createdAt, state }],
  );
  const last = rows.at(limit - 1)?.id;
  const lowest = found[0]?.lowest ?? null;
  const next = rows.length > limit && last !== undefined ? last : lowest;
  return {
    rows: rows.slice(0, limit),
    next: next === null ? null : CURSOR.write([next]),
  };
}
