import type { DeliveryState, EndReason } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { enumOf, filled, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

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
