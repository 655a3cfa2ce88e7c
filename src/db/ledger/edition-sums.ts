import type { DeliveryState, EndReason } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { enumOf, filled, float8, int4, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** How many deliveries of an edition stand in a state, and why they ended there. */
export interface EditionSum {
  editionId: number;
  state: DeliveryState;
  endReason: EndReason | null;
  count: number;
}

const sums = query(
  'sums of editions',
  { editionId: int4, state: enumOf<DeliveryState>('delivery_state'), endReason: text, count: filled(int4) },
  (given: { editionIds: number[] }) => sql`
    SELECT edition_id AS "editionId", state, end_reason AS "endReason", sum(n)::int AS count FROM edition_sums
    WHERE edition_id = ANY(${given.editionIds}::int[])
    GROUP BY edition_id, state, end_reason HAVING sum(n) <> 0 ORDER BY edition_id, state, end_reason`,
);

/** Returns the sums of some editions as triggers keep them: as true as the rows, and as quick whatever their number. */
export async function sumsOf(db: Tx, editionIds: readonly number[]): Promise<EditionSum[]> {
  const rows = await sums(db, { editionIds: [...editionIds] });
  return rows.map((row) => ({ ...row, endReason: row.endReason === '' ? null : (row.endReason as EndReason) }));
}

const ends = query(
  'sums of all editions',
  { state: enumOf<DeliveryState>('delivery_state'), endReason: text, count: filled(float8) },
  () => sql`
    SELECT state, end_reason AS "endReason", sum(n)::float8 AS count FROM edition_sums
    GROUP BY state, end_reason HAVING sum(n) <> 0 ORDER BY state, end_reason`,
);

/** Returns how many newsletters there are in each state, over all editions. */
export async function sumEnds(db: Tx): Promise<Omit<EditionSum, 'editionId'>[]> {
  const rows = await ends(db, {});
  return rows.map((row) => ({ ...row, endReason: row.endReason === '' ? null : (row.endReason as EndReason) }));
}

const fold = command(
  'fold sums of editions',
  (given: { before: Date }) => sql`
    WITH gone AS (
      DELETE FROM edition_sums s USING editions e WHERE e.id = s.edition_id AND e.finished_at < ${given.before} AND s.shard <> 0
      RETURNING s.edition_id, s.state, s.end_reason, s.n)
    INSERT INTO edition_sums AS s SELECT edition_id, state, end_reason, 0, sum(n) FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (edition_id, state, end_reason, shard) DO UPDATE SET n = s.n + excluded.n`,
);

// A row that a session holds is left to the next time: to wait for it while holding others would end in a deadlock.
const foldWelcomes = command(
  'fold sums of welcomes',
  () => sql`
    WITH free AS MATERIALIZED (
      SELECT s.edition_id, s.state, s.end_reason, s.shard FROM edition_sums s JOIN editions e ON e.id = s.edition_id
      WHERE e.key LIKE 'welcome:%' AND s.shard <> 0 FOR UPDATE OF s SKIP LOCKED
    ), gone AS (
      DELETE FROM edition_sums s USING free f
      WHERE (s.edition_id, s.state, s.end_reason, s.shard) = (f.edition_id, f.state, f.end_reason, f.shard)
      RETURNING s.edition_id, s.state, s.end_reason, s.n)
    INSERT INTO edition_sums AS s SELECT edition_id, state, end_reason, 0, sum(n) FROM gone GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (edition_id, state, end_reason, shard) DO UPDATE SET n = s.n + excluded.n`,
);

/**
 * Folds the sums of editions that were over by an instant, and of welcomes, which never are, into one row for each
 * state and reason: every session that ever counted left rows of its own. Returns how many rows stand now for those of
 * editions that are over.
 */
export async function foldSums(db: Tx, before: Date): Promise<number> {
  await foldWelcomes(db, {});
  return fold(db, { before });
}
