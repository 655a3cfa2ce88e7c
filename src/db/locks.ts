import { createHash } from 'node:crypto';
import type pg from 'pg';
import { poolOf, type Db, type Tx } from './client.ts';
import { bool, filled, int4, text } from './columns.ts';
import { HOLDER_COLUMNS, PATIENCE_MS, patience, sayLockWait, type LockHolder } from './lock-waits.ts';
import { AppError } from '../lib/errors.ts';
import { sessionName } from './sessions.ts';
import { query, raw, sql } from './statement.ts';

// Each lock lives in a transaction: behind a pooler a session outlives the process that took it.

/** A process that is silent for so long, its machine gone, say, loses its lock. */
const LEASE_MS = 60_000;
const BEAT_MS = 15_000;

/** A lock by its number, and by the name that is told. */
interface Lock {
  key: string;
  name: string;
}

/** How somebody waits. */
interface Wait {
  /** After how long it is said for whom. */
  patienceMs?: number;
}

/**
 * Runs `work` while no other process or call holds the lock of that name, waiting for it without a connection. The lock
 * is a transaction of its own that does nothing else, so that it keeps no row from being vacuumed; `work` has its own.
 */
export async function withLock<T>(db: Db, name: string, work: () => Promise<T>, wait: Wait = {}): Promise<T> {
  const client = await takeOnPool(poolOf(db), { key: lockKey(name), name }, wait);
  let beat: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    beat = beat.then(() => client.query('SELECT 1')).catch(() => {});
  }, BEAT_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await beat;
    await letGo(client);
  }
}

async function takeOnPool(pool: pg.Pool, lock: Lock, wait: Wait): Promise<pg.PoolClient> {
  const pause = patience(`the lock «${lock.name}»`, () => holderOnPool(pool, lock), wait.patienceMs);
  for (;;) {
    const client = await pool.connect();
    try {
      if (await begin(client, lock.key)) return client;
    } catch (error) {
      client.release(error instanceof Error ? error : true);
      throw error;
    }
    await letGo(client);
    await pause();
  }
}

/** As one text without places: an answer to a statement with places would hold a snapshot until the next one. */
async function begin(client: pg.ClientBase, key: string): Promise<boolean> {
  const results = (await client.query(
    `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${LEASE_MS}; SELECT pg_try_advisory_xact_lock(${key}) AS held`,
  )) as unknown as pg.QueryResult<{ held: boolean }>[];
  return results.at(-1)?.rows[0]?.held ?? false;
}

/** Ends the transaction, and with it the lock; a broken session must not go back to the pool. */
async function letGo(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

async function tryOn(client: pg.ClientBase, key: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS held', [key]);
  return rows[0]?.held ?? false;
}

/** An advisory lock of one number is kept as its two halves (pg_locks: objsubid 1). */
const HOLDER_SQL = `SELECT ${HOLDER_COLUMNS} FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32) | l.objid::bigint = `;

async function holderOnPool(pool: pg.Pool, { key }: Lock): Promise<LockHolder | null> {
  const { rows } = await pool.query<LockHolder>(`${HOLDER_SQL} $1::bigint`, [key]);
  return rows[0] ?? null;
}

/** Takes a lock of a number inside a session's transaction, to its end, waiting for it. */
export async function lockOnSession(client: pg.ClientBase, key: number, name: string, wait: Wait = {}): Promise<void> {
  const holder = async () => (await client.query<LockHolder>(`${HOLDER_SQL} $1::bigint`, [key])).rows[0] ?? null;
  const pause = patience(name, holder, wait.patienceMs);
  while (!(await tryOn(client, String(key)))) await pause();
}

const tryWithin = query(
  'try a lock',
  { held: bool },
  (given: { key: string }) => sql`SELECT pg_try_advisory_xact_lock(${given.key}::text::bigint) AS held`,
  'once a session',
);

const holderWithin = query(
  'holder of a lock',
  { pid: filled(int4), name: text, from: text, since: text }, // a session has a process
  (given: { key: string }) => sql`${raw(HOLDER_SQL)} ${given.key}::text::bigint`,
);

/**
 * Takes the lock of that name inside a transaction, to its end, waiting for it. Throws AppError conflict where somebody
 * holds it for longer than `mostMs`.
 */
export async function lockWithin(tx: Tx, name: string, wait: Wait & { mostMs?: number } = {}): Promise<void> {
  const key = lockKey(name);
  const endsAtMs = performance.now() + (wait.mostMs ?? Infinity);
  const pause = patience(
    `the lock «${name}»`,
    async () => (await holderWithin(tx, { key }))[0] ?? null,
    wait.patienceMs,
  );
  while (!(await tryWithin(tx, { key }))[0]?.held) {
    if (performance.now() > endsAtMs) throw new AppError('conflict', `somebody else holds the lock «${name}»`);
    await pause();
  }
}

/** Sessions of one process that wait for rows or tables of somebody else. */
const BLOCKED_SQL = `SELECT extract(epoch FROM clock_timestamp() - w.query_start)::float8 AS seconds, ${HOLDER_COLUMNS}
  FROM pg_stat_activity w CROSS JOIN LATERAL (SELECT unnest(pg_blocking_pids(w.pid)) AS pid LIMIT 1) b JOIN pg_stat_activity a ON a.pid = b.pid
  WHERE w.application_name = $1 AND w.wait_event_type = 'Lock' AND w.query_start < clock_timestamp() - $2 * interval '1 millisecond'`;

/** Says for whom statements of this process wait that have waited for long: rows, tables, whatever else is locked. */
export async function sayWhoIsWaitedFor(
  on: pg.Pool | pg.ClientBase,
  { name = sessionName(), patienceMs = PATIENCE_MS } = {},
): Promise<void> {
  const asked = await (on as pg.Pool).query<LockHolder & { seconds: number }>(BLOCKED_SQL, [name, patienceMs]);
  for (const { seconds, ...holder } of asked.rows) sayLockWait({ lock: 'rows or a table', seconds, holder });
}

/** Looks each 10 s whether statements of this process wait for somebody, and says so; returns what stops it. */
export function watchLockWaits(pool: pg.Pool): () => Promise<void> {
  const look = () => void sayWhoIsWaitedFor(pool).catch(() => {}); // an outage is told elsewhere
  const timer = setInterval(look, PATIENCE_MS);
  timer.unref();
  return () => Promise.resolve(clearInterval(timer));
}

/** 63 bits of a hash: advisory locks are named by number. */
function lockKey(name: string): string {
  return (createHash('sha256').update(`offprint:${name}`).digest().readBigUInt64BE() >> 1n).toString();
}
