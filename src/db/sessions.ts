import { hostname } from 'node:os';
import type pg from 'pg';

// What each session of ours is like. A pooler may lie between us and the server and give every transaction another
// session of the server, so a session holds nothing that must outlive a transaction: see docs/scale.md.

/**
 * All sessions speak UTC, compile no query (it took ten times as long as the query), and take a page found by an index
 * to cost little more than the next one, as it does without a moving head: else a claim of a thousand reads a small
 * ledger twice from end to end. Set by statements, since poolers refuse a startup with `options`.
 */
const SETTINGS = { timezone: 'UTC', jit: 'off', random_page_cost: '1.1' };

const assigned = (assign: (name: string, value: string) => string) =>
  Object.entries(SETTINGS)
    .map(([name, value]) => assign(name, `'${value}'`))
    .join('; ');

const SETTLE_SQL = `${assigned((name, value) => `SET ${name} = ${value}`)}; SELECT pg_backend_pid() AS pid`;

/** The settings of the role in this database, for sessions that a pooler opens at the server by itself. */
const KEEP_SQL = `DO $$ BEGIN
  ${assigned((name, value) => `EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET ${name} = %L', current_database(), ${value})`)};
END $$`;

const KEPT_SQL = `SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
  JOIN pg_roles r ON r.oid = s.setrole
  WHERE d.datname = current_database() AND r.rolname = current_user AND s.setconfig @> $1::text[]`;

const pooled = new WeakSet<pg.ClientBase>();

/** Names this process to the server, which names it to whoever asks who holds a lock. */
export function sessionName(what = 'offprint'): string {
  return `${what} ${hostname().slice(0, 40)}:${process.pid}`; // NAMEDATALEN cuts at 63
}

/** Gives a new session its settings, and finds out whether a pooler answered instead of the server. */
export async function settle(client: pg.ClientBase): Promise<void> {
  const results = (await client.query(SETTLE_SQL)) as unknown as pg.QueryResult<{ pid: number }>[];
  // The process that greeted us is the one that works for us, unless somebody stands between.
  const { processID } = client as pg.ClientBase & { processID: number | null };
  if (results.at(-1)?.rows[0]?.pid !== processID) pooled.add(client);
}

/** Tells whether a pooler stands between a settled session and the server: statements then have no name to keep. */
export function isPooled(client: pg.ClientBase): boolean {
  return pooled.has(client);
}

/** Writes the settings to the role as well, for this database alone, unless they are there. */
export async function keepSettings(client: pg.ClientBase): Promise<void> {
  const wanted = Object.entries(SETTINGS).map(([name, value]) => `${name === 'timezone' ? 'TimeZone' : name}=${value}`);
  const { rowCount } = await client.query(KEPT_SQL, [wanted]);
  if (rowCount === 0) await client.query(KEEP_SQL);
}

/** Returns the time zone that the next transaction has, which a pooler may have forgotten. */
export async function zoneOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ zone: string }>("SELECT current_setting('timezone') AS zone");
  return rows[0]?.zone ?? '';
}
