import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** How the ledger was cleaned after sending. */
export interface Cleaning {
  /** `VACUUM` where we had to do it ourselves, with the reason why. */
  by: string;
  /** Seconds after the last mail until it was done. */
  seconds: number;
  dead: number;
  left: number;
  /** Times autovacuum had come before, while it was planned and sent. */
  cameBefore: number;
  /** It was at work already when the last mail was sent. */
  beganBefore: boolean;
}

interface Look {
  count: number;
  dead: number;
  /** Dead rows from which autovacuum comes. */
  due: number;
  running: boolean;
  enabled: boolean;
}

/**
 * Autovacuum looks around once a minute (autovacuum_naptime) and then works slowly on purpose
 * (autovacuum_vacuum_cost_delay).
 */
const PATIENCE_SECONDS = 300;
const LOOK_MS = 1_000;

/**
 * Waits until PostgreSQL's own autovacuum has come over the ledger; vacuums it ourselves where it is off, not due, or
 * does not come.
 */
export async function awaitVacuum(pool: pg.Pool): Promise<Cleaning> {
  const first = await look(pool);
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 100) / 10;
  const told = { dead: first.dead, cameBefore: first.count, beganBefore: first.running };
  const why = () => {
    if (!first.enabled) return 'autovacuum is off on this server';
    if (first.dead <= first.due && !first.running) return `autovacuum comes from ${first.due} dead rows`;
    return seconds() > PATIENCE_SECONDS ? `autovacuum did not come in ${PATIENCE_SECONDS} s` : null;
  };
  for (let reason = why(); reason === null; reason = why()) {
    await sleep(LOOK_MS);
    const { count, dead, due, running } = await look(pool);
    if (count > first.count && !running && dead <= due)
      return { by: 'autovacuum', seconds: seconds(), left: dead, ...told };
  }
  const reason = why();
  await pool.query('VACUUM (ANALYZE) deliveries');
  return { by: `VACUUM (${reason})`, seconds: seconds(), left: (await look(pool)).dead, ...told };
}

/** Counts the dead rows of the ledger, as PostgreSQL estimates them. */
export async function deadRows(pool: pg.Pool): Promise<number> {
  return (await look(pool)).dead;
}

async function look(pool: pg.Pool): Promise<Look> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<Pick<Look, 'running' | 'enabled'> & Record<'count' | 'dead' | 'due', string>>(`
    SELECT s.autovacuum_count AS count, s.n_dead_tup AS dead,
      ceil(${settingOf('threshold')} + ${settingOf('scale_factor')} * greatest(c.reltuples, 0)) AS due,
      EXISTS (SELECT 1 FROM pg_stat_progress_vacuum p WHERE p.relid = c.oid AND p.datname = current_database()) AS running,
      current_setting('autovacuum')::bool AND current_setting('track_counts')::bool AS enabled
    FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE c.oid = 'deliveries'::regclass`);
  const row = rows[0];
  if (!row) throw new Error('no statistics of deliveries');
  return { ...row, count: Number(row.count), dead: Number(row.dead), due: Number(row.due) };
}

/** A setting of autovacuum: the table's own, else the server's. */
function settingOf(name: string): string {
  const full = `autovacuum_vacuum_${name}`;
  return `coalesce((SELECT o.option_value FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = '${full}'), current_setting('${full}'))::float8`;
}
