import type { Cadence } from '../../model/subscriber.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { filled, instant } from '../columns.ts';
import { measured, runAsJson } from '../measured.ts';
import type { Tx } from '../client.ts';
import { DUE_COLUMNS, dueColumns, toDueSubscriber, type DueSubscriber } from './due.ts';

/** A reader without a newsletter of an edition; `dueAt` is their next slot. */
export interface WithoutNewsletter extends DueSubscriber {
  confirmedAt: Date;
}

const without = (lock: boolean) =>
  measured(
    `readers without an edition${lock ? ', locked' : ''}`,
    { ...DUE_COLUMNS, confirmed_at: filled(instant) },
    `SELECT ${dueColumns('next_due_at')}, s.confirmed_at FROM subscribers s
     WHERE s.id > $1 AND s.status = 'confirmed' AND s.cadence = ANY($2::cadence[])
       AND s.confirmed_at IS NOT NULL AND s.next_due_at IS NOT NULL AND (s.paused_until IS NULL OR s.paused_until <= $3)
       AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = s.address_hash)
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id AND ${isNewsletter('d')} AND d.key = $4)
     ORDER BY s.id LIMIT $5 ${lock ? 'FOR UPDATE OF s SKIP LOCKED' : ''}`,
  );

const WITHOUT = { locked: without(true), read: without(false) };

/**
 * Returns confirmed readers of these cadences who have no delivery in an edition and may be mailed now, by rising id
 * from behind `after`, leaving out those that a planner holds. With `lock` their rows stay locked until the transaction
 * ends.
 */
export async function loadWithoutNewsletter(
  db: Tx,
  want: { edition: string; cadences: readonly Cadence[]; now: Date; after: number; limit: number; lock: boolean },
): Promise<WithoutNewsletter[]> {
  const values = [want.after, [...want.cadences], want.now, want.edition, want.limit];
  const rows = await runAsJson(db, WITHOUT[want.lock ? 'locked' : 'read'], values);
  return rows.map((row) => ({ ...toDueSubscriber(row), confirmedAt: new Date(row.confirmed_at) }));
}
