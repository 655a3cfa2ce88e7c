import type { Tx } from '../client.ts';
import { filled, instant, int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** More readers than this are not counted one by one. */
export const COUNTED = 10_000;

/** The next slot of anybody, and how many readers have it; more than COUNTED stands for that many or more. */
export interface NextSlot {
  at: Date;
  readers: number;
}

const next = query(
  'next slot',
  { at: filled(instant), readers: filled(int4) },
  (given: { now: Date }) => sql`
    SELECT s.next_due_at AS at, (SELECT count(*)::int FROM (
        SELECT FROM subscribers x WHERE x.next_due_at = s.next_due_at LIMIT ${COUNTED + 1}::int) same) AS readers
    FROM subscribers s WHERE s.next_due_at > ${given.now} ORDER BY s.next_due_at, s.id LIMIT 1`,
);

/** Finds the next slot of anybody; null where nobody waits for one. */
export async function nextSlotOf(db: Tx, now: Date): Promise<NextSlot | null> {
  const [row] = await next(db, { now });
  return row ?? null;
}
