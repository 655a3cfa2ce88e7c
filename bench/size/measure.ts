import type pg from 'pg';

/** What a table takes on the disk. */
export interface TableBytes {
  name: string;
  rows: number;
  /** With what it keeps aside (TOAST) and its maps. */
  table: number;
  indexes: number;
}

/** Measures every table that holds something, once its dead rows may be used again. */
export async function measureBytes(pool: pg.Pool): Promise<TableBytes[]> {
  await pool.query('VACUUM ANALYZE');
  const { rows } = await pool.query<{ name: string; rows: string; table: string; indexes: string }>(`
    SELECT c.relname AS name, c.reltuples::bigint AS rows, pg_table_size(c.oid) AS table, pg_indexes_size(c.oid) AS indexes
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples > 0 ORDER BY 1`);
  return rows.map((row) => ({
    name: row.name,
    rows: Number(row.rows),
    table: Number(row.table),
    indexes: Number(row.indexes),
  }));
}

/** Says by how much tables grew: room that was free before is used first, as it is in a service that goes on. */
export function grownBy(before: readonly TableBytes[], after: readonly TableBytes[]): TableBytes[] {
  return after.map((one) => {
    const was = before.find(({ name }) => name === one.name) ?? { rows: 0, table: 0, indexes: 0 };
    return {
      ...{ name: one.name, rows: one.rows - was.rows },
      ...{ table: one.table - was.table, indexes: one.indexes - was.indexes },
    };
  });
}

/** One thing (a mail, a reader, a paper), and the tables that hold it. */
export interface Kept {
  what: string;
  /** How many of them there are. */
  count: number;
  tables: TableBytes[];
}

/** Says how many bytes one thing takes, in all its tables. */
export function bytesEach({ count, tables }: Kept): number {
  return tables.reduce((sum, { table, indexes }) => sum + table + indexes, 0) / count;
}

/** What is kept of a service after a year. */
export interface Year {
  readers: number;
  mails: number;
  bytes: number;
}

/** Reckons a year of one mail a day to so many readers, beside papers that cost the same whoever reads. */
export function yearOf(readers: number, each: { mail: number; reader: number; papersOfYear: number }): Year {
  const mails = readers * 365;
  return { readers, mails, bytes: mails * each.mail + readers * each.reader + each.papersOfYear };
}
