import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { AppError } from '../../lib/errors.ts';
import { listMigrations, listSequences, listTables, quoted, writeAlike } from './tables.ts';
import type { BackedTable, SequenceState } from './tables.ts';

/** What is known of a database before its rows are read. */
export interface Head {
  /** By the database's clock, at the beginning of the snapshot. */
  takenAt: string;
  /** When the oldest transaction began that was open then: what it did may be missing although it came before. */
  openSince: string;
  /** PostgreSQL's version. */
  server: string;
  migrations: string[];
  /** Whether SECRET wraps the keys: without it the backup opens none of its links. */
  keysWrapped: boolean;
  tables: BackedTable[];
  sequences: SequenceState[];
}

/** One look at a whole database, as it is at one moment. */
export interface Snapshot {
  head: Head;
  /** Reads a table's rows, as COPY writes them; one after the other. */
  read(table: BackedTable): Readable;
  /** Names the newest newsletters in it by their public ids, newest first; throws in a database that is behind. */
  newestNewsletters(most: number): Promise<string[]>;
}

const HEAD_SQL = `
SELECT to_json(date_trunc('milliseconds', now())) #>> '{}' AS "takenAt", current_setting('server_version') AS server,
  to_json(date_trunc('milliseconds', least(now(), (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database())))) #>> '{}' AS "openSince"`;

/**
 * Opens a snapshot in the session, hands it to `work` and ends it: REPEATABLE READ and read only, so that it holds
 * nobody up. Throws AppError unavailable for a database that was never migrated; the session is to be cut then.
 */
export async function withSnapshot<T>(client: pg.ClientBase, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await writeAlike(client);
  const result = await work({
    head: await readHead(client),
    read: (table) => readTable(client, table),
    newestNewsletters: (most) => readNewsletters(client, most),
  });
  await client.query('COMMIT');
  return result;
}

async function readHead(client: pg.ClientBase): Promise<Head> {
  const { rows } = await client.query<Pick<Head, 'takenAt' | 'openSince' | 'server'>>(HEAD_SQL);
  const migrations = await listMigrations(client);
  if (!rows[0] || migrations.length === 0)
    throw new AppError('unavailable', 'There is nothing to back up: this database was never migrated.');
  const wrapped = await client.query('SELECT 1 FROM keys WHERE wrapped LIMIT 1');
  return {
    ...rows[0],
    migrations,
    keysWrapped: wrapped.rowCount === 1,
    tables: await listTables(client),
    sequences: await listSequences(client),
  };
}

const NEWSLETTERS_SQL = `
SELECT public_id::text AS "publicId" FROM deliveries WHERE newsletter_id IS NOT NULL ORDER BY id DESC LIMIT $1`;

/** What fails here leaves the snapshot as it was. */
async function readNewsletters(client: pg.ClientBase, most: number): Promise<string[]> {
  await client.query('SAVEPOINT newsletters');
  try {
    const { rows } = await client.query<{ publicId: string }>(NEWSLETTERS_SQL, [most]);
    return rows.map(({ publicId }) => publicId);
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT newsletters');
    throw error;
  }
}

/** Reads a table's rows, as COPY writes them (PostgreSQL's text format). */
export function readTable(client: pg.ClientBase, { name, columns }: BackedTable): Readable {
  const rows = `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)}`;
  return client.query(copyTo(`COPY (${rows}) TO STDOUT`));
}

const ESTIMATE_SQL = `
SELECT coalesce(sum(greatest(reltuples, 0)), 0)::float8 AS rows FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`;

/** Guesses how many rows there are, by the server's statistics: for a bar. */
export async function guessRows(client: pg.ClientBase): Promise<number> {
  return Math.round((await client.query<{ rows: number }>(ESTIMATE_SQL)).rows[0]?.rows ?? 0);
}
