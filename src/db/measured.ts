import { poolOf, type Db, type Tx } from './client.ts';
import type { Columns, InJson, Row } from './columns.ts';
import { asked } from './past-prisma.ts';
import { isPooled } from './sessions.ts';
import { define, rowsOf } from './statement.ts';

// The helper for the few statements whose plan or whose cost by row a test or a bench holds: see README.md beside this.

/** A statement with numbered values ($1, $2, …), whose text the tests of its plan know. */
export interface Measured<C extends Columns> {
  name: string;
  text: string;
  /** For the compiler alone: carries the columns. */
  columns: C;
}

/** Defines a measured statement and the columns of its rows. `text` is made of the program's own words alone. */
export function measured<const C extends Columns>(name: string, columns: C, text: string): Measured<C> {
  define({ name, columns, text: () => text });
  return { name, columns, text };
}

/** Runs a statement where the caller is, be it in a transaction. */
export function runMeasured<C extends Columns>(
  db: Tx,
  { text }: Measured<C>,
  values: readonly unknown[],
): Promise<Row<C>[]> {
  return rowsOf(db, text, values);
}

/**
 * Runs a query and brings its rows over as one JSON text: Prisma spends more on each value of a big result than
 * PostgreSQL on the whole row.
 */
export async function runAsJson<C extends Columns>(
  db: Tx,
  { text }: Measured<C>,
  values: readonly unknown[],
): Promise<InJson<Row<C>>[]> {
  const rows = `SELECT json_agg(r)::text AS rows FROM (${text}) AS r`;
  const [found] = await rowsOf<{ rows: string | null }>(db, rows, values);
  return JSON.parse(found?.rows ?? '[]') as InJson<Row<C>>[];
}

/**
 * Runs a statement past Prisma on a session of the pool, in no transaction but its own: Prisma takes longer to read a
 * thousand rows than they take to compose and send.
 */
export async function runOnPool<C extends Columns>(
  db: Db,
  { text }: Measured<C>,
  values: readonly unknown[],
): Promise<Row<C>[]> {
  const { rows } = await poolOf(db).query<Row<C>>(asked(text, values));
  return rows;
}

/**
 * Like runOnPool, planned once a session for all values: only for what has one good plan. Behind a pooler the name
 * would be another session's, so there it is planned each time.
 */
export async function runPrepared<C extends Columns>(
  db: Db,
  { name, text }: Measured<C>,
  values: readonly unknown[],
): Promise<Row<C>[]> {
  const client = await poolOf(db).connect();
  try {
    const { rows } = await client.query<Row<C>>(asked(text, values, isPooled(client) ? undefined : name));
    client.release();
    return rows;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}
