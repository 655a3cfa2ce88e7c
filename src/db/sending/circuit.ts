import type { Tx } from '../client.ts';

/** closed: mail goes · probe: one mail may try · open: nothing goes for now. */
export type CircuitState = { state: 'closed' } | { state: 'probe' | 'open'; problem: string; openedAt: Date };

/** The circuit of all sending; the others are those of single mail servers. */
export const ALL_MAIL = 'mail';
/** How long a probe may take before somebody else tries one. */
const PROBE_SECONDS = 30;

/** Asks whether mail may go, at all or over one server. Whoever is told `probe` is the only one for the next half minute. */
export async function askCircuit(db: Tx, name = ALL_MAIL): Promise<CircuitState> {
  const rows = await db.$queryRaw<{ problem: string | null; opened_at: Date; probe: boolean }[]>`
    WITH probe AS (
      UPDATE sending_circuits SET probe_at = clock_timestamp() + ${PROBE_SECONDS} * interval '1 second'
      WHERE name = ${name} AND opened_at IS NOT NULL AND probe_at <= clock_timestamp() RETURNING name
    )
    SELECT problem, opened_at, EXISTS (SELECT 1 FROM probe) AS probe FROM sending_circuits WHERE name = ${name} AND opened_at IS NOT NULL`;
  const row = rows[0];
  return row
    ? { state: row.probe ? 'probe' : 'open', problem: row.problem ?? '', openedAt: row.opened_at }
    : { state: 'closed' };
}

/** What opens again within this long is the same trouble: the pauses go on growing, and it is no news. */
const SAME_TROUBLE = '1 hour';

/**
 * Stops sending for everybody until a probe works; the first one comes after `pauseSeconds`, which doubles with each that fails, to at
 * most 32 times that. Returns when it was opened where that is news; null where it is open already, or was an hour ago.
 */
export async function openCircuit(
  db: Tx,
  problem: string,
  pauseSeconds: number,
  name = ALL_MAIL,
): Promise<Date | null> {
  const rows = await db.$queryRaw<{ opened_at: Date; failures: number }[]>`
    INSERT INTO sending_circuits AS c (name, failures, opened_at, probe_at, problem)
    VALUES (${name}, 1, clock_timestamp(), clock_timestamp() + ${pauseSeconds} * interval '1 second', ${problem})
    ON CONFLICT (name) DO UPDATE SET problem = excluded.problem, opened_at = coalesce(c.opened_at, clock_timestamp()),
      failures = 1 + CASE WHEN c.opened_at IS NOT NULL OR c.closed_at > clock_timestamp() - ${SAME_TROUBLE}::interval THEN c.failures ELSE 0 END,
      probe_at = clock_timestamp() + ${pauseSeconds} * interval '1 second' * power(2,
        CASE WHEN c.opened_at IS NOT NULL OR c.closed_at > clock_timestamp() - ${SAME_TROUBLE}::interval THEN least(c.failures, 5) ELSE 0 END)
    RETURNING opened_at, failures`;
  return rows[0]?.failures === 1 ? rows[0].opened_at : null;
}

/** Lets mail go again; true where it had been stopped. */
export async function closeCircuit(db: Tx, name = ALL_MAIL): Promise<boolean> {
  const changed = await db.$executeRaw`
    UPDATE sending_circuits SET opened_at = NULL, probe_at = NULL, problem = NULL, closed_at = clock_timestamp() WHERE name = ${name} AND opened_at IS NOT NULL`;
  return changed > 0;
}
