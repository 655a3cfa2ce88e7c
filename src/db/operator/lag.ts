import type { Tx } from '../client.ts';
import { instant, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';

const first = query(
  'first reader who is due',
  { at: orNull(instant) },
  (given: { now: Date }) => sql`
    SELECT next_due_at AS at FROM subscribers WHERE next_due_at <= ${given.now} AND planning_problem IS NULL ORDER BY next_due_at, id LIMIT 1`,
);

/** Returns for how long, in milliseconds, the first reader who is due and can be planned has waited; 0: nobody is. */
export async function findLag(db: Tx, now: Date): Promise<number> {
  const [row] = await first(db, { now });
  return row?.at ? now.getTime() - row.at.getTime() : 0;
}

/** Returns when the newest digest arrived that readers get papers of; null: none ever did. */
export async function newestDigestAt(db: Tx): Promise<Date | null> {
  const found = await db.digest.findFirst({
    where: { state: { in: ['accepted', 'released'] } },
    orderBy: { arrivedAt: 'desc' },
    select: { arrivedAt: true },
  });
  return found?.arrivedAt ?? null;
}
