import type { Tx } from '../client.ts';
import { instant, int8, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** What a reader's clock says of a delivery. */
export interface ReaderClock {
  timeZone: string;
  /** When it was planned for; null for what is no newsletter. */
  slotAt: Date | null;
}

const clocksOf = query(
  'clocks of readers',
  { id: int8, timeZone: text, slotAt: orNull(instant) },
  (given: { ids: string[] }) => sql`
    SELECT d.id, s.time_zone AS "timeZone", n.slot_at AS "slotAt" FROM deliveries d
    JOIN subscribers s ON s.id = d.subscriber_id LEFT JOIN newsletters n ON n.id = d.newsletter_id
    WHERE d.id = ANY(${given.ids}::bigint[])`,
);

/** Reads the clocks of the readers of these deliveries. */
export async function readerClocks(db: Tx, ids: readonly bigint[]): Promise<Map<bigint, ReaderClock>> {
  const rows = await clocksOf(db, { ids: ids.map(String) });
  return new Map(rows.map(({ id, ...clock }) => [id, clock]));
}
