import pg from 'pg';
import { poolOf, type Db, type Tx } from './client.ts';
import type { Columns, InJson, Row } from './columns.ts';
import { isPooled } from './sessions.ts';
import { define } from './statement.ts';

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
  return db.$queryRawUnsafe(text, ...values);
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
  const [found] = await db.$queryRawUnsafe<{ rows: string | null }[]>(rows, ...values);
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
  const { rows } = await poolOf(db).query<Row<C>>({ text, values: [...values], types: TYPES });
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
    const named = isPooled(client) ? {} : { name };
    const { rows } = await client.query<Row<C>>({ ...named, text, values: [...values], types: TYPES });
    client.release();
    return rows;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

const INT8 = 20;
const INT4_ARRAY = 1007;

/**
 * Reads as Prisma does, and arrays of numbers by the JSON parser, which takes a fifth of the time of the driver's own.
 */
const TYPES = { getTypeParser } as pg.CustomTypesConfig;

function getTypeParser(oid: number, format?: 'text'): (text: string) => unknown {
  if (oid === INT8) return BigInt;
  if (oid === INT4_ARRAY) return (text) => JSON.parse(`[${text.slice(1, -1)}]`) as number[];
  // Any number may be an oid, whatever the list of types that pg ships.
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
}
