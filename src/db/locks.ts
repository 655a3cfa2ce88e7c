import { createHash } from 'node:crypto';
import type pg from 'pg';
import { poolOf, type Db } from './client.ts';

/**
 * Runs `work` while no other process or call holds the lock of that name, waiting for it; the lock dies with its
 * session.
 */
export async function withLock<T>(db: Db, name: string, work: () => Promise<T>): Promise<T> {
  const client = await poolOf(db).connect();
  try {
    await client.query('SELECT pg_advisory_lock($1::bigint)', [lockKey(name)]);
    return await work();
  } finally {
    await unlock(client, name);
  }
}

/** Like withLock, but returns null at once where somebody else holds it. */
export async function tryLock<T>(db: Db, name: string, work: () => Promise<T>): Promise<{ value: T } | null> {
  const client = await poolOf(db).connect();
  let held = false;
  try {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS held', [
      lockKey(name),
    ]);
    held = rows[0]?.held ?? false;
    return held ? { value: await work() } : null;
  } finally {
    if (held) await unlock(client, name);
    else client.release();
  }
}

async function unlock(client: pg.PoolClient, name: string): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock($1::bigint)', [lockKey(name)]);
    client.release();
  } catch (error) {
    // A broken session must not go back to the pool with the lock.
    client.release(error instanceof Error ? error : true);
  }
}

/** 63 bits of a hash: advisory locks are named by number. */
function lockKey(name: string): string {
  return (createHash('sha256').update(`offprint:${name}`).digest().readBigUInt64BE() >> 1n).toString();
}
