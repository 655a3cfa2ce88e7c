import type { Tx } from '../client.ts';
import { filled, int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';

const heldUnder = query(
  'papers a digest holds under their roots',
  { id: int4, rootId: filled(int4) },
  (given: { digestId: number }) => sql`
    SELECT DISTINCT ON (p.merged_into_id) e.paper_id AS id, p.merged_into_id AS "rootId"
    FROM entries e JOIN papers p ON p.id = e.paper_id
    WHERE e.digest_id = ${given.digestId} AND p.merged_into_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM entries own WHERE own.digest_id = e.digest_id AND own.paper_id = p.merged_into_id)
    ORDER BY p.merged_into_id, e.position, e.id`,
);

/**
 * Names papers (roots of their merges) as a digest holds them: one that was stored before it turned out to be another
 * keeps its entry, and a later capture of the day adds no second one under the root.
 */
export async function asListed<T extends { paperId: number }>(db: Tx, digestId: number, rows: T[]): Promise<T[]> {
  const held = new Map((await heldUnder(db, { digestId })).map(({ id, rootId }) => [rootId, id]));
  return rows.map((row) => ({ ...row, paperId: held.get(row.paperId) ?? row.paperId }));
}
