import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { openPrisma } from '../../src/db/client.ts';
import { CLAIM_SQL, claimDeliveries } from '../../src/db/deliveries-claim.ts';
import type { ServerCpu } from './cpu.ts';

/** How long claiming takes once so much of an edition was sent. */
export interface ClaimTimes {
  waiting: number;
  sent: string;
  /** Medians of one claim. */
  milliseconds: number;
  serverCpuMs: number | null;
  /** Blocks read to find what to claim. */
  blocksToFind: number;
  dead: number;
}

const CLAIM = 500;
const CLAIMS = 7;
/** Enough to claim CLAIMS times, and once more for EXPLAIN. */
const LEAVE = CLAIM * (CLAIMS + 2);
const CHUNK = 20_000;
/** Each leaves two dead rows or three: the settings of the table let no more pile up before autovacuum is due. */
const BEFORE_VACUUM = 25_000;

/** Claims at the front of a ledger that was just planned, then with some, half and nearly all of it sent, never vacuumed; then vacuumed. */
export async function timeClaims(pool: pg.Pool, server: ServerCpu, now: Date): Promise<ClaimTimes[]> {
  const { last } = await one<{ last: string }>(pool, 'SELECT max(id) AS last FROM deliveries');
  const times: ClaimTimes[] = [];
  const measured = async (sent: string) => times.push(await timeClaim(pool, server, now, sent));
  await measured('0 %');
  if (Number(last) > 4 * BEFORE_VACUUM) {
    await sendUpTo(pool, BEFORE_VACUUM);
    await measured('25,000');
  }
  await sendUpTo(pool, Math.floor(Number(last) / 2));
  await measured('50 %');
  await sendUpTo(pool, Math.min(Math.floor(Number(last) * 0.99), Number(last) - LEAVE));
  await measured('99 %');
  await pool.query('VACUUM (ANALYZE) deliveries');
  await measured('99 %, vacuumed');
  await sendUpTo(pool, Number(last));
  return times;
}

async function timeClaim(pool: pg.Pool, server: ServerCpu, now: Date, sent: string): Promise<ClaimTimes> {
  const db = openPrisma(pool);
  const runs: { milliseconds: number; cpu: number | null }[] = [];
  for (let i = 0; i < CLAIMS; i++) {
    const [began, before] = [performance.now(), server.seconds()];
    const { claimed } = await claimDeliveries(db, { worker: 'bench', limit: CLAIM, now, leaseSeconds: 600 });
    const [ended, after] = [performance.now(), server.seconds()];
    if (claimed.length < CLAIM) throw new Error(`a claim found ${claimed.length} of ${CLAIM}`);
    runs.push({ milliseconds: ended - began, cpu: before === null || after === null ? null : (after - before) * 1000 });
  }
  const blocksToFind = await explainFinding(pool, now);
  await pool.query(
    "UPDATE deliveries SET state = 'planned', claimed_by = NULL, lease_until = NULL WHERE claimed_by = 'bench'",
  );
  const { waiting } = await one<{ waiting: string }>(
    pool,
    "SELECT count(*) AS waiting FROM deliveries WHERE state IN ('planned', 'retrying')",
  );
  const cpus = runs.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  return {
    waiting: Number(waiting),
    sent,
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    serverCpuMs: cpus.length > 0 ? median(cpus) : null,
    blocksToFind,
    dead: await deadRows(pool),
  };
}

interface PlanNode {
  'Subplan Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

async function explainFinding(pool: pg.Pool, now: Date): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${CLAIM_SQL}`,
      [now, CLAIM, 'explain', 60],
    );
    const due = findNode(rows[0]?.['QUERY PLAN'][0].Plan, 'CTE due');
    return due ? due['Shared Hit Blocks'] + due['Shared Read Blocks'] : Number.NaN;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function findNode(plan: PlanNode | undefined, name: string): PlanNode | undefined {
  if (!plan || plan['Subplan Name'] === name) return plan;
  for (const child of plan.Plans ?? []) {
    const found = findNode(child, name);
    if (found) return found;
  }
  return undefined;
}

/** Takes every delivery up to an id through its whole life as the worker's statements do: claimed, handed over, sent. */
async function sendUpTo(pool: pg.Pool, id: number): Promise<void> {
  const { from } = await one<{ from: string | null }>(
    pool,
    "SELECT min(id) - 1 AS from FROM deliveries WHERE state IN ('planned', 'retrying')",
  );
  for (let after = Number(from ?? id); after < id; after += CHUNK) {
    const range = [after, Math.min(id, after + CHUNK)];
    await pool.query(
      `UPDATE deliveries SET state = 'sending', attempt = attempt + 1, claimed_by = 'sender', lease_until = clock_timestamp() + interval '60 s'
       WHERE id > $1 AND id <= $2 AND state = 'planned'`,
      range,
    );
    await pool.query(
      `UPDATE deliveries SET handed_at = clock_timestamp(), message_id = public_id || '@papers.example.org' WHERE id > $1 AND id <= $2 AND state = 'sending'`,
      range,
    );
    await pool.query(
      `WITH done AS (
         UPDATE deliveries SET state = 'sent', last_reply = '250 2.0.0 Ok: queued as 4F1A2B3C4D', claimed_by = NULL, lease_until = NULL,
           sent_at = clock_timestamp(), finished_at = clock_timestamp()
         WHERE id > $1 AND id <= $2 AND state = 'sending' RETURNING id, attempt)
       INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
       SELECT id, attempt, 'sender', 'sent', 'reply', '250 2.0.0 Ok: queued as 4F1A2B3C4D', clock_timestamp() FROM done`,
      range,
    );
  }
}

/** Size of a table in MB, as it lies there. */
export interface TableSize {
  table: string;
  rows: number;
  tableMb: number;
  indexesMb: number;
  bytesPerRow: number;
}

/** Measures the tables that grow with what is sent. */
export async function measureTables(pool: pg.Pool): Promise<TableSize[]> {
  await pool.query('ANALYZE');
  const { rows } = await pool.query<{ table: string; rows: string; heap: string; indexes: string }>(`
    SELECT c.oid::regclass::text AS table, greatest(c.reltuples, 0)::bigint AS rows, pg_table_size(c.oid) AS heap, pg_indexes_size(c.oid) AS indexes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND (n.nspname = 'pgboss' AND c.relname ~ '^(j[0-9a-f]{30}|archive)'
      OR n.nspname = 'public' AND c.relname IN ('subscribers', 'newsletters', 'deliveries', 'attempts'))
    ORDER BY pg_total_relation_size(c.oid) DESC`);
  const mb = (bytes: string) => Math.round(Number(bytes) / 1e5) / 10;
  return rows
    .filter(({ rows: count, table }) => Number(count) > 0 || !table.startsWith('pgboss'))
    .map((row) => ({
      table: row.table,
      rows: Number(row.rows),
      tableMb: mb(row.heap),
      indexesMb: mb(row.indexes),
      bytesPerRow: Math.round((Number(row.heap) + Number(row.indexes)) / Math.max(1, Number(row.rows))),
    }));
}

/** Vacuums the ledger once everything was sent; returns dead rows before, seconds it took, and dead rows after. */
export async function timeVacuum(pool: pg.Pool): Promise<{ dead: number; seconds: number; left: number }> {
  const dead = await deadRows(pool);
  const began = performance.now();
  await pool.query('VACUUM deliveries');
  return { dead, seconds: Math.round((performance.now() - began) / 100) / 10, left: await deadRows(pool) };
}

async function deadRows(pool: pg.Pool): Promise<number> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { dead } = await one<{ dead: string }>(
    pool,
    "SELECT n_dead_tup AS dead FROM pg_stat_user_tables WHERE relname = 'deliveries'",
  );
  return Number(dead);
}

async function one<T extends pg.QueryResultRow>(pool: pg.Pool, sql: string): Promise<T> {
  const { rows } = await pool.query<T>(sql);
  if (!rows[0]) throw new Error(`no row: ${sql}`);
  return rows[0];
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 10) / 10;
}
