import type { RelaySetting } from '../../model/relay.ts';
import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, orNull, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** closed: mail goes · probe: one mail may try · open: nothing goes for now. */
export type CircuitState = { state: 'closed' } | { state: 'probe' | 'open'; problem: string; openedAt: Date };

/** The circuit of all sending; the others are those of single mail servers. */
export const ALL_MAIL = 'mail';
/** How long a probe may take before somebody else tries one. */
const PROBE_SECONDS = 30;

/** The mail servers there are, as far as their circuits go. */
export type Relays = readonly Pick<RelaySetting, 'name'>[];

/** Names the circuit of a mail server. */
export function circuitOf({ name }: Relays[number]): string {
  return `relay:${name}`;
}

/** Names for ever that a way was stopped: the key of its alarm, whoever plans that. */
export function keyOfStop({ name, openedAt }: Pick<OpenCircuit, 'name' | 'openedAt'>): string {
  return `${name === ALL_MAIL ? 'circuit' : name}:${openedAt.toISOString()}`;
}

/** The circuits that count: what is known of servers that nobody uses any more, or of the only one, says nothing. */
function thatCount(relays: Relays): string[] {
  return [ALL_MAIL, ...(relays.length > 1 ? relays.map(circuitOf) : [])];
}

const askFor = query(
  'ask a circuit',
  { problem: orNull(text), opened_at: filled(instant), probe: bool },
  (given: { name: string }) => sql`
    WITH probe AS (
      UPDATE sending_circuits SET probe_at = clock_timestamp() + ${PROBE_SECONDS} * interval '1 second'
      WHERE name = ${given.name} AND opened_at IS NOT NULL AND probe_at <= clock_timestamp() RETURNING name
    )
    SELECT problem, opened_at, EXISTS (SELECT 1 FROM probe) AS probe FROM sending_circuits WHERE name = ${given.name} AND opened_at IS NOT NULL`,
);

/**
 * Asks whether mail may go, at all or over one server. Whoever is told `probe` is the only one for the next half
 * minute.
 */
export async function askCircuit(db: Tx, name = ALL_MAIL): Promise<CircuitState> {
  const rows = await askFor(db, { name });
  const row = rows[0];
  return row
    ? { state: row.probe ? 'probe' : 'open', problem: row.problem ?? '', openedAt: row.opened_at }
    : { state: 'closed' };
}

/** Looks whether sending is stopped, without asking for the probe. */
export async function lookAtCircuit(db: Tx, name = ALL_MAIL): Promise<{ openedAt: Date; problem: string } | null> {
  const found = await db.sendingCircuit.findUnique({ where: { name } });
  return found?.openedAt ? { openedAt: found.openedAt, problem: found.problem ?? '' } : null;
}

/** A way out for mail that is not in use for now. */
export interface OpenCircuit {
  /** ALL_MAIL, or `relay:` and the name of one mail server. */
  name: string;
  problem: string;
  openedAt: Date;
  /** When one mail is tried again. */
  probeAt: Date;
}

/** Lists what is stopped with the mail servers there are, oldest first. */
export async function lookAtCircuits(db: Tx, relays: Relays = []): Promise<OpenCircuit[]> {
  const rows = await db.sendingCircuit.findMany({
    where: { openedAt: { not: null }, name: { in: thatCount(relays) } },
    orderBy: { openedAt: 'asc' },
  });
  return rows.flatMap(({ name, problem, openedAt, probeAt }) =>
    openedAt ? [{ name, problem: problem ?? '', openedAt, probeAt: probeAt ?? openedAt }] : [],
  );
}

/** Lets the next mail try every way that is stopped with the mail servers there are, at once. Returns how many. */
export async function hastenProbes(db: Tx, relays: Relays = []): Promise<number> {
  return hasten(db, { names: thatCount(relays) });
}

const hasten = command(
  'hasten probes',
  (given: { names: string[] }) =>
    sql`UPDATE sending_circuits SET probe_at = clock_timestamp() WHERE opened_at IS NOT NULL AND name = ANY(${given.names}::text[])`,
);

/** What opens again within this long is the same trouble: the pauses go on growing, and it is no news. */
const SAME_TROUBLE = '1 hour';

const open = query(
  'open a circuit',
  { opened_at: filled(instant), failures: int4 },
  (given: { name: string; pauseSeconds: number; problem: string; probe: boolean }) => sql`
    INSERT INTO sending_circuits AS c (name, failures, opened_at, probe_at, problem)
    VALUES (${given.name}, 1, clock_timestamp(), clock_timestamp() + ${given.pauseSeconds} * interval '1 second', ${given.problem})
    ON CONFLICT (name) DO UPDATE SET problem = excluded.problem, opened_at = coalesce(c.opened_at, clock_timestamp()),
      failures = 1 + CASE WHEN c.opened_at IS NOT NULL OR c.closed_at > clock_timestamp() - ${SAME_TROUBLE}::interval THEN c.failures ELSE 0 END,
      probe_at = clock_timestamp() + ${given.pauseSeconds} * interval '1 second' * power(2,
        CASE WHEN c.opened_at IS NOT NULL OR c.closed_at > clock_timestamp() - ${SAME_TROUBLE}::interval THEN least(c.failures, 5) ELSE 0 END)
      WHERE c.opened_at IS NULL OR ${given.probe}
    RETURNING opened_at, failures`,
);

/**
 * Stops sending for everybody until a probe works; the first one comes after `pauseSeconds`, which doubles with each
 * that fails (`probe`), to at most 32 times that. What else fails while it is open changes nothing: many workers see
 * one outage. Returns when it was opened where that is news; null where it is open already, or was an hour ago.
 */
export async function openCircuit(
  db: Tx,
  problem: string,
  pauseSeconds: number,
  name = ALL_MAIL,
  probe = false,
): Promise<Date | null> {
  const rows = await open(db, { name, pauseSeconds, problem, probe });
  return rows[0]?.failures === 1 ? rows[0].opened_at : null;
}

const close = command(
  'close a circuit',
  (given: { name: string }) => sql`
    UPDATE sending_circuits SET opened_at = NULL, probe_at = NULL, problem = NULL, closed_at = clock_timestamp() WHERE name = ${given.name} AND opened_at IS NOT NULL`,
);

/** Lets mail go again; true where it had been stopped. */
export async function closeCircuit(db: Tx, name = ALL_MAIL): Promise<boolean> {
  const changed = await close(db, { name });
  return changed > 0;
}
