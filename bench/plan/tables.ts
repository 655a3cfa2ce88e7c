import type pg from 'pg';

/** Size of a table in MB, as it lies there, and how it is kept clean. */
export interface TableSize {
  name: string;
  rows: number;
  tableMb: number;
  indexesMb: number;
  bytesPerRow: number;
  dead: number;
  /** Times autovacuum has come so far. */
  autovacuums: number;
}

interface Row {
  name: string;
  rows: string;
  heap: string;
  indexes: string;
  dead: string;
  autovacuums: string;
}

/**
 * Measures the tables that grow with what is sent, then those of the queue: of pg-boss's one for each kind of job,
 * those in use.
 */
export async function measureTables(pool: pg.Pool): Promise<TableSize[]> {
  await pool.query('ANALYZE');
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<Row>(`
    SELECT CASE n.nspname WHEN 'pgboss' THEN 'pgboss ' || coalesce('jobs of ' || q.name, c.relname) ELSE c.relname END AS name,
      greatest(c.reltuples, 0)::bigint AS rows, pg_table_size(c.oid) AS heap, pg_indexes_size(c.oid) AS indexes,
      s.n_dead_tup AS dead, s.autovacuum_count AS autovacuums
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_stat_user_tables s ON s.relid = c.oid
      LEFT JOIN pgboss.queue q ON q.partition_name = c.relname
    WHERE c.relkind = 'r' AND (n.nspname = 'pgboss' AND c.relname <> 'version' AND (c.reltuples > 0 OR s.n_dead_tup > 0 OR c.relname = 'archive')
      OR n.nspname = 'public' AND c.relname IN ('subscribers', 'newsletters', 'deliveries', 'attempts'))
    ORDER BY n.nspname = 'pgboss', pg_total_relation_size(c.oid) DESC, 1`);
  const mb = (bytes: string) => Math.round(Number(bytes) / 1e4) / 100;
  return rows.map((row) => ({
    name: row.name,
    rows: Number(row.rows),
    tableMb: mb(row.heap),
    indexesMb: mb(row.indexes),
    bytesPerRow: Math.round((Number(row.heap) + Number(row.indexes)) / Math.max(1, Number(row.rows))),
    dead: Number(row.dead),
    autovacuums: Number(row.autovacuums),
  }));
}
