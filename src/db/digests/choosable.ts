import type { Tx } from '../client.ts';
import { filled, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { isUsable } from './usable.ts';

/** A paper that an editor may choose for an edition. */
export interface ChoosablePaper {
  publicId: string;
  title: string;
  /** Day of its newest list, YYYY-MM-DD. */
  digestOn: string;
}

const choosable = query(
  'papers an editor may choose',
  { publicId: text, title: text, digestOn: filled(text) },
  (given: { from: string; to: string; most: number }) => sql`
    SELECT root.public_id AS "publicId", root.title, max(d.digest_on)::text AS "digestOn"
    FROM digests d JOIN entries e ON e.digest_id = d.id JOIN papers p ON p.id = e.paper_id
    JOIN papers root ON root.id = COALESCE(p.merged_into_id, p.id)
    WHERE ${isUsable('d')} AND d.digest_on BETWEEN ${given.from}::date AND ${given.to}::date AND root.arrived_at IS NOT NULL
      AND root.withheld_at IS NULL
    GROUP BY root.id ORDER BY max(d.digest_on) DESC, min(e.position), root.id LIMIT ${given.most}`,
);

/** Lists papers that an edition may draw on, those of the newest lists first. */
export function listChoosable(db: Tx, given: { from: string; to: string; most: number }): Promise<ChoosablePaper[]> {
  return choosable(db, given);
}
