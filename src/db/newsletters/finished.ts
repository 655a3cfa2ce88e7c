import { WAITING_STATES } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

/** Lists the editions that were not found to be over yet, welcomes left out: they never are. */
export function listUnfinished(db: Tx): Promise<{ id: number; key: string }[]> {
  const where = { finishedAt: null, NOT: { key: { startsWith: 'welcome:' } } };
  return db.edition.findMany({ where, select: { id: true, key: true }, orderBy: { id: 'asc' } });
}

const finish = command(
  'note that an edition is over',
  (given: { id: number; now: Date; waiting: string[] }) => sql`
    UPDATE editions e SET finished_at = ${given.now} WHERE e.id = ${given.id} AND e.finished_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.edition_id = e.id AND d.state = ANY(${given.waiting}::delivery_state[]))`,
);

/** Notes that an edition is over, unless something of it waits; returns whether it was not known before. */
export async function markFinished(db: Tx, id: number, now: Date): Promise<boolean> {
  return (await finish(db, { id, now, waiting: [...WAITING_STATES, 'sending'] })) > 0;
}
