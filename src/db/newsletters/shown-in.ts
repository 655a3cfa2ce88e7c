import type { Tx } from '../client.ts';
import { instant, orNull, text, uuid } from '../columns.ts';
import { query, raw, sql } from '../statement.ts';
import { isShown } from '../ledger/moves.ts';

const shownIn = query(
  'where a paper was shown',
  { edition: text, at: instant, deliveryPublicId: orNull(uuid) },
  (given: { subscriberId: number; paperIds: readonly number[]; before: Date }) => sql`
    SELECT e.key AS edition, n.created_at AS at, d.public_id AS "deliveryPublicId"
    FROM newsletters n JOIN editions e ON e.id = n.edition_id JOIN deliveries d ON d.newsletter_id = n.id
    WHERE n.subscriber_id = ${given.subscriberId} AND n.created_at < ${given.before} AND ${raw(isShown('d'))}
      AND (n.paper_ids && ${given.paperIds}::int[] OR EXISTS (
        SELECT FROM entries x WHERE x.id = ANY(n.trending_ids || n.mover_ids || n.perhaps_ids) AND x.paper_id = ANY(${given.paperIds}::int[])))
    ORDER BY n.created_at DESC LIMIT 1`,
);

/** Finds the newest newsletter before an instant that showed a reader one of these papers; null where none did. */
export async function findShownIn(db: Tx, given: { subscriberId: number; paperIds: number[]; before: Date }) {
  const [row] = await shownIn(db, given);
  return row ?? null;
}
