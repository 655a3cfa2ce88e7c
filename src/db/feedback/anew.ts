import type { FeedbackKind } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { int8 } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

const since = query(
  'events of the same addresses since',
  { id: int8 },
  (given: { ids: string[] }) => sql`
    SELECT e.id FROM feedback_events e
    JOIN (SELECT address_hash, min(id) AS id FROM feedback_events WHERE id = ANY(${given.ids}::bigint[]) GROUP BY address_hash) f
      ON e.address_hash = f.address_hash AND e.id >= f.id
    WHERE e.effect NOT IN ('undone', 'excused') AND e.corrected_kind IS NULL ORDER BY e.id`,
);

/** Finds what was weighed of the addresses of these events from each of them on, itself included, and still holds. */
export async function findSince(tx: Tx, ids: readonly bigint[]): Promise<bigint[]> {
  return (await since(tx, { ids: ids.map(String) })).map(({ id }) => id);
}

const forgetWeight = command(
  'let events be weighed anew',
  (given: { ids: string[] }) => sql`
    UPDATE feedback_events SET effect = NULL, before = NULL, after = NULL, undone_at = NULL WHERE id = ANY(${given.ids}::bigint[])`,
);

/** Forgets what events came to, which was taken back: they wait to be weighed. */
export async function letWeighAnew(tx: Tx, ids: readonly bigint[]): Promise<void> {
  if (ids.length > 0) await forgetWeight(tx, { ids: ids.map(String) });
}

const correct = command(
  'correct an event',
  (given: { id: bigint; kind: FeedbackKind | null }) => sql`
    UPDATE feedback_events SET corrected_kind = ${given.kind}::feedback_kind WHERE id = ${given.id}`,
);

/** Notes what an event really is, as an operator says; null: what it was taken for. */
export async function noteCorrection(tx: Tx, id: bigint, kind: FeedbackKind | null): Promise<void> {
  await correct(tx, { id, kind });
}
