import type { Tx } from '../client.ts';
import { int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { MOST_COUNTED } from './paper-matches.ts';

const holders = query(
  'readers of a topic',
  { count: int4 },
  (given: { slug: string }) => sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM interests i JOIN subscriber_interests si ON si.interest_id = i.id AND NOT si.muted
      JOIN subscribers s ON s.id = si.subscriber_id AND s.status = 'confirmed'
      WHERE i.kind = 'topic' AND i.key = ${given.slug} LIMIT ${MOST_COUNTED}) held`,
);

/** Counts the confirmed readers who picked a topic, as far as MOST_COUNTED. */
export async function countTopicReaders(db: Tx, slug: string): Promise<number> {
  const [row] = await holders(db, { slug });
  return row?.count ?? 0;
}
