import type { Standing } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { instant, int2, orNull } from '../columns.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { query, raw, sql, type Sql } from '../statement.ts';

/**
 * Says in SQL when the newest newsletter to this hash was sent, by then, of which nothing was heard; `refused` are
 * mails of which something is being heard just now.
 */
export function newestArrived(hash: string, before: Sql, refused = "'{}'::bigint[]"): Sql {
  return sql`(SELECT max(q.sent_at) FROM deliveries q WHERE q.address_hash = ${raw(hash)} AND ${raw(isNewsletter('q'))} AND q.state = 'sent' AND q.sent_at <= ${before}
        AND q.id <> ALL (${raw(refused)}) AND NOT EXISTS (SELECT FROM feedback_events h WHERE h.delivery_id = q.id AND h.kind IN ('hard', 'soft') AND h.effect IS DISTINCT FROM 'undone'))`;
}

const held = query(
  'standing of an address',
  {
    doubtedAt: orNull(instant),
    restUntil: orNull(instant),
    halfPoints: int2,
    refusedAt: orNull(instant),
    quietSince: orNull(instant),
  },
  (given: { hash: Uint8Array; quietBefore: Date }) => sql`
    SELECT a.doubted_at AS "doubtedAt", a.rest_until AS "restUntil", a.half_points AS "halfPoints", a.refused_at AS "refusedAt",
      ${newestArrived('a.address_hash', sql`${given.quietBefore}`)} AS "quietSince"
    FROM address_standings a WHERE a.address_hash = ${given.hash}`,
);

/**
 * Reads what is held against an address, with when the newest newsletter went there that nothing was heard of by then;
 * null where nothing is.
 */
export async function readHeld(
  db: Tx,
  hash: Uint8Array,
  quietBefore: Date,
): Promise<{ standing: Standing; quietSince: Date | null } | null> {
  const [row] = await held(db, { hash: Buffer.from(hash), quietBefore });
  if (!row) return null;
  const { quietSince, ...standing } = row;
  return { standing, quietSince };
}
