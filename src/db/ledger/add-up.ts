import type { Tx } from '../client.ts';
import { filled, int8, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A state of an edition's mails of which the counter says another number than the ledger holds. */
export interface CountedOtherwise {
  edition: string;
  state: string;
  /** Rows in the ledger, and what was counted as they came. */
  rows: number;
  counted: number;
}

const countedOtherwise = query(
  'editions that were counted otherwise',
  { edition: text, state: filled(text), rows: filled(int8), counted: filled(int8) },
  () => sql`
    SELECT e.key AS edition, coalesce(d.state, s.state)::text AS state, coalesce(d.n, 0)::bigint AS rows, coalesce(s.n, 0)::bigint AS counted
    FROM (SELECT edition_id, state, coalesce(end_reason::text, '') AS end_reason, count(*) AS n FROM deliveries
        WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3) d
      FULL JOIN (SELECT edition_id, state, end_reason, sum(n) AS n FROM edition_sums GROUP BY 1, 2, 3) s
        ON (s.edition_id, s.state, s.end_reason) = (d.edition_id, d.state, d.end_reason)
      JOIN editions e ON e.id = coalesce(d.edition_id, s.edition_id)
    WHERE coalesce(d.n, 0) <> coalesce(s.n, 0) ORDER BY e.id, 2 LIMIT 20`,
);

/** Counts the whole ledger and compares it with what was counted as it happened; reads every row. */
export async function addUpLedger(db: Tx): Promise<CountedOtherwise[]> {
  const rows = await countedOtherwise(db, {});
  return rows.map((row) => ({ ...row, rows: Number(row.rows), counted: Number(row.counted) }));
}
