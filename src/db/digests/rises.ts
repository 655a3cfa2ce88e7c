import type { Tx } from '../client.ts';
import { int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { isUsable } from './usable.ts';

const rises = query(
  'rises of papers',
  { paperId: int4, rise: int4 },
  (given: { from: string; to: string }) => sql`
    SELECT "paperId", max(rise) AS rise
    FROM (
      SELECT COALESCE(p.merged_into_id, p.id) AS "paperId",
             (array_agg(e.upvotes ORDER BY d.digest_on DESC, e.id DESC))[1] - (array_agg(e.first_upvotes ORDER BY d.digest_on, e.id))[1] AS rise
      FROM digests d JOIN entries e ON e.digest_id = d.id JOIN papers p ON p.id = e.paper_id
      WHERE ${isUsable('d')} AND d.digest_on BETWEEN ${given.from}::date AND ${given.to}::date
        AND e.upvotes IS NOT NULL AND e.first_upvotes IS NOT NULL
      GROUP BY 1, d.source
    ) AS seen
    GROUP BY 1 HAVING max(rise) > 0`,
);

/**
 * Finds how many upvotes papers (by root id) gained over the lists of a range of days, both ends included: the newest
 * number less the first one seen, within one source, since sources count differently. What stood on one list once, and
 * was never seen again, has gained nothing that is known.
 */
export async function loadRises(db: Tx, range: { from: string; to: string }): Promise<Map<number, number>> {
  const rows = await rises(db, { from: range.from, to: range.to });
  return new Map(rows.map(({ paperId, rise }) => [paperId, rise]));
}
