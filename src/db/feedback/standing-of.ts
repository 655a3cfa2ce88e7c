import type { Standing } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { instant, int2, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { newestArrived } from './events.ts';

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
