import type { Cadence } from '../../model/subscriber.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { queryRows } from '../sql.ts';
import type { Tx } from '../client.ts';
import { dueColumns, toDueSubscriber, type DueRow, type DueSubscriber } from './due.ts';

/** A reader without a newsletter of an edition; `dueAt` is their next slot. */
export interface WithoutNewsletter extends DueSubscriber {
  confirmedAt: Date;
}

/**
 * Returns confirmed readers of these cadences who have no delivery in an edition and may be mailed now, by rising id from behind `after`,
 * leaving out those that a planner holds. With `lock` their rows stay locked until the transaction ends.
 */
export async function loadWithoutNewsletter(
  db: Tx,
  want: { edition: string; cadences: readonly Cadence[]; now: Date; after: number; limit: number; lock: boolean },
): Promise<WithoutNewsletter[]> {
  const rows = await queryRows<DueRow & { confirmed_at: string }>(
    db,
    `SELECT ${dueColumns('next_due_at')}, s.confirmed_at FROM subscribers s
     WHERE s.id > $1 AND s.status = 'confirmed' AND s.cadence = ANY($2::cadence[])
       AND s.confirmed_at IS NOT NULL AND s.next_due_at IS NOT NULL AND (s.paused_until IS NULL OR s.paused_until <= $3)
       AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = s.address_hash)
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id AND ${isNewsletter('d')} AND d.key = $4)
     ORDER BY s.id LIMIT $5 ${want.lock ? 'FOR UPDATE OF s SKIP LOCKED' : ''}`,
    want.after,
    [...want.cadences],
    want.now,
    want.edition,
    want.limit,
  );
  return rows.map((row) => ({ ...toDueSubscriber(row), confirmedAt: new Date(row.confirmed_at) }));
}
