import type { Tx } from '../client.ts';
import { instant, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';

const trace = query(
  'newest trace of life',
  { at: orNull(instant) },
  () => sql`SELECT greatest((SELECT max(seen_at) FROM processes), (SELECT max(started_at) FROM runs WHERE started_at <= clock_timestamp()),
    (SELECT max(at) FROM audit_log WHERE at <= clock_timestamp())) AS at`,
);

/** Returns the newest instant of which a database knows that a process was at work; null where none ever was. */
export async function newestTrace(db: Tx): Promise<Date | null> {
  return (await trace(db, {}))[0]?.at ?? null;
}
