import type pg from 'pg';

/** A table as a backup holds it: its columns in order, but for those the server computes. */
export interface BackedTable {
  name: string;
  columns: string[];
}

/** Where a sequence stands; `value` as text, since it may be larger than a number. */
export interface SequenceState {
  name: string;
  value: string;
  called: boolean;
}

/** Kept by the migrations themselves: a restore applies them anew. */
const HISTORY = '_prisma_migrations';
/** The mark of a restore at work. */
const MARK = 'unfinished_restore';

/** What belongs to an extension is its own to make. */
const NOT_OF_EXTENSION = (oid: string, of: string) =>
  `NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '${of}'::regclass AND x.objid = ${oid} AND x.deptype = 'e')`;

const TABLES_SQL = `
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('${HISTORY}', '${MARK}')
  AND ${NOT_OF_EXTENSION('c.oid', 'pg_class')}
GROUP BY c.relname ORDER BY c.relname COLLATE "C"`;

/** Lists the tables of a database with their columns, by name; partitions are part of their table. */
export async function listTables(client: pg.ClientBase): Promise<BackedTable[]> {
  return (await client.query<BackedTable>(TABLES_SQL)).rows;
}

const SEQUENCES_SQL = `
SELECT sequencename::text AS name, coalesce(last_value, start_value)::text AS value, last_value IS NOT NULL AS called
FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename COLLATE "C"`;

/** Lists the sequences of a database, by name, and where each stands. */
export async function listSequences(client: pg.ClientBase): Promise<SequenceState[]> {
  return (await client.query<SequenceState>(SEQUENCES_SQL)).rows;
}

/** Sets sequences where they stood. */
export async function setSequences(client: pg.ClientBase, sequences: readonly SequenceState[]): Promise<void> {
  for (const { name, value, called } of sequences)
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quoted(name), value, called]);
}

const APPLIED_SQL = `SELECT migration_name AS name FROM ${HISTORY} WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY 1`;

/** Lists the migrations that a database has, in order; none where it was never migrated. */
export async function listMigrations(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('public.${HISTORY}') IS NOT NULL AS found`,
  );
  if (!rows[0]?.found) return [];
  return (await client.query<{ name: string }>(APPLIED_SQL)).rows.map(({ name }) => name);
}

/** Names something of the database in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Sets how values are written, for the transaction: COPY writes the same bytes on every server then. Rows come in the
 * order in which they lie, whoever else reads the table.
 */
export async function writeAlike(client: pg.ClientBase): Promise<void> {
  await client.query(`
    SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8';
    SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL statement_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = 0`);
}

const OWN_SQL = `
SELECT format('DROP TABLE IF EXISTS %s CASCADE', c.oid::regclass) AS drop FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${NOT_OF_EXTENSION('c.oid', 'pg_class')}
UNION ALL SELECT format('DROP %s IF EXISTS %s CASCADE', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure) FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace AND ${NOT_OF_EXTENSION('p.oid', 'pg_proc')}
UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype) FROM pg_type t
  WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e' AND ${NOT_OF_EXTENSION('t.oid', 'pg_type')}
UNION ALL SELECT 'DROP SCHEMA IF EXISTS pgboss CASCADE'`;

/** Drops all that migrations and the queue made, in the caller's transaction; extensions stay. */
export async function dropEverything(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(OWN_SQL);
  for (const { drop } of rows) await client.query(drop);
}
