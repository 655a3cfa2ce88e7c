import type { Tx } from '../client.ts';
import { bool, filled, float8, instant, int4, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** A process as it says of itself. */
export interface OwnProcess {
  id: string;
  kind: 'serve' | 'worker';
  version: string;
  host: string;
  pid: number;
}

/** A process whose row is this old was killed, or hangs; it writes six times in this long. */
export const LOST_SECONDS = 60;

const note = command(
  'note a process',
  (given: OwnProcess) => sql`
    INSERT INTO processes AS p (id, kind, version, host, pid, started_at, seen_at)
    VALUES (${given.id}::uuid, ${given.kind}, ${given.version}, ${given.host}, ${given.pid}, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
);

/** Notes that a process lives. */
export async function noteProcess(db: Tx, own: OwnProcess): Promise<void> {
  await note(db, own);
}

/** Forgets a process that ends. */
export async function forgetProcess(db: Tx, id: string): Promise<void> {
  await db.process.deleteMany({ where: { id } });
}

const forgetLost = command(
  'forget lost processes',
  () => sql`DELETE FROM processes WHERE seen_at < clock_timestamp() - interval '1 day'`,
);

/** Forgets processes that were killed a day ago or more. Returns how many. */
export async function forgetLostProcesses(db: Tx): Promise<number> {
  return forgetLost(db, {});
}

const list = query(
  'processes',
  {
    kind: text,
    version: text,
    host: text,
    pid: int4,
    startedAt: instant,
    seenAt: instant,
    seconds: filled(float8),
    lost: filled(bool),
  },
  () => sql`
    SELECT kind, version, host, pid, started_at AS "startedAt", seen_at AS "seenAt", extract(epoch FROM clock_timestamp() - seen_at)::float8 AS seconds,
      seen_at < clock_timestamp() - ${LOST_SECONDS} * interval '1 second' AS lost
    FROM processes ORDER BY lost, kind, host, pid`,
);

/** Lists the processes; `seconds` is how long ago each was last seen, by the database's clock. */
export function listProcesses(db: Tx) {
  return list(db, {});
}

const clock = query('clock of the database', { now: filled(instant) }, () => sql`SELECT clock_timestamp() AS now`);

/** Returns the database's clock. */
export async function lookAtClock(db: Tx): Promise<Date> {
  const [row] = await clock(db, {});
  if (!row) throw new Error('the database told no time');
  return row.now;
}

/** Over how many minutes the present speed is taken. */
const MINUTES = 5;

const sentSince = query(
  'mails sent since',
  { sent: filled(int4) },
  (given: { since: Date }) =>
    sql`SELECT count(*)::int AS sent FROM attempts WHERE outcome = 'sent' AND at > ${given.since}`,
);

/** Returns how many mails a minute left within the last five; by an instant, so that an index tells. */
export async function presentSpeed(db: Tx, now: Date): Promise<number> {
  const [row] = await sentSince(db, { since: new Date(now.getTime() - MINUTES * 60_000) });
  return (row?.sent ?? 0) / MINUTES;
}
