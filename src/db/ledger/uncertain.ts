import type { Tx } from '../client.ts';
import { filled, int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

// The sums know those of editions; how many there are in all says the index, and so how many are of none.
const uncertain = query(
  'what is uncertain',
  { edition: orNull(text), count: filled(int4) },
  () => sql`
    WITH by_edition AS MATERIALIZED (
      SELECT edition_id AS id, sum(n)::int AS n FROM edition_sums WHERE state = 'uncertain' GROUP BY edition_id HAVING sum(n) > 0
    ), of_none AS (
      SELECT (SELECT count(*) FROM deliveries WHERE state = 'uncertain') - (SELECT coalesce(sum(n), 0) FROM by_edition) AS n
    )
    SELECT e.key AS edition, u.n AS count FROM (SELECT id, n FROM by_edition UNION ALL SELECT NULL, n::int FROM of_none WHERE n > 0) u
    LEFT JOIN editions e ON e.id = u.id ORDER BY u.id DESC NULLS FIRST`,
);

/** Counts the mails of which nobody knows whether they arrived, by edition, newest first; null: mails of no edition. */
export function countUncertain(db: Tx): Promise<{ edition: string | null; count: number }[]> {
  return uncertain(db, {});
}
