import type pg from 'pg';
import type { Tx } from './client.ts';

// For libraries that bring SQL of their own. What is ours is written as README.md beside this says.

/** Asks what a library wants to know, on any session of the pool. */
export function askForLibrary(pool: pg.Pool, text: string, values: unknown[] | undefined): Promise<pg.QueryResult> {
  return pool.query(text, values);
}

/** Asks it inside a transaction of ours. */
export async function askWithin(tx: Tx, text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
  return { rows: await tx.$queryRawUnsafe(text, ...values) };
}
