import type { Tx } from '../client.ts';
import { int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const uncertain = query(
  'what is uncertain',
  { edition: orNull(text), count: int4 },
  () => sql`
    SELECT e.key AS edition, count(*)::int AS count FROM deliveries d LEFT JOIN editions e ON e.id = d.edition_id
    WHERE d.state = 'uncertain' GROUP BY e.key ORDER BY max(d.id) DESC`,
);

/** Counts the mails of which nobody knows whether they arrived, by edition, newest first; null: mails of no edition. */
export function countUncertain(db: Tx): Promise<{ edition: string | null; count: number }[]> {
  return uncertain(db, {});
}
