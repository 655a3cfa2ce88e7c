import { NOTICE_HOURS } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { filled, int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Mails in doubt of an edition; those of none have no edition. */
export interface InDoubt {
  edition: string | null;
  count: number;
}

// The sums know those of editions; mails are only looked at where somebody has left some as they are.
const uncertain = query(
  'what is uncertain',
  { edition: orNull(text), count: filled(int4) },
  (given: { since: Date }) => sql`
    WITH by_edition AS MATERIALIZED (
      SELECT edition_id AS id, sum(n)::int AS n FROM edition_sums WHERE state = 'uncertain' GROUP BY edition_id HAVING sum(n) > 0
    ), known AS MATERIALIZED (
      SELECT e.id, e.key, u.n, (SELECT max(at) FROM audit_log WHERE subject = e.key AND action = 'edition.leave') AS left_at
      FROM by_edition u JOIN editions e ON e.id = u.id
    ), undecided AS (
      SELECT id, key, CASE WHEN left_at IS NULL THEN n
        ELSE (SELECT count(*)::int FROM deliveries d WHERE d.edition_id = known.id AND d.state = 'uncertain' AND d.finished_at > left_at) END AS n FROM known
      UNION ALL
      SELECT NULL, NULL, count(*)::int FROM deliveries WHERE edition_id IS NULL AND state = 'uncertain' AND finished_at > ${given.since}
    )
    SELECT key AS edition, n AS count FROM undecided WHERE n > 0 ORDER BY id DESC NULLS FIRST`,
);

/**
 * Counts the mails of which nobody knows whether they arrived and about which somebody is to decide, by edition, newest
 * first: not those that were left as they are, nor, of no edition, those that are of no use any more.
 */
export function countUncertain(db: Tx, now: Date): Promise<InDoubt[]> {
  return uncertain(db, { since: new Date(now.getTime() - NOTICE_HOURS * 3_600_000) });
}
