import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { openPrisma } from '../../src/db/client.ts';
import { CLAIM, claimDeliveries } from '../../src/db/ledger/claim.ts';
import type { ServerCpu } from './cpu.ts';
import { one, sendUpTo } from './send-up-to.ts';
import { awaitVacuum, deadRows, type Cleaning } from './vacuum.ts';

/** What the claims are timed on. */
export interface Bench {
  pool: pg.Pool;
  server: ServerCpu;
  now: Date;
  /** Wakes the workers, as planning and each large claim does. */
  wake: () => Promise<void>;
}

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

const CLAIMED_AT_ONCE = 500;
const CLAIMS = 7;
/** Enough to claim CLAIMS times, and once more for EXPLAIN. */
const LEAVE = CLAIMED_AT_ONCE * (CLAIMS + 2);
/** Each leaves two dead rows or three: the settings of the table let no more pile up before autovacuum is due. */
const BEFORE_VACUUM = 25_000;

/**
 * Claims at the front of a ledger that was just planned, with some, half and nearly all of it sent; then once it is
 * vacuumed.
 */
export async function timeClaims(bench: Bench): Promise<{ times: ClaimTimes[]; cleaning: Cleaning }> {
  const { pool } = bench;
  const last = Number((await one<{ last: string }>(pool, 'SELECT max(id) AS last FROM deliveries')).last);
  const times: ClaimTimes[] = [];
  const measured = async (sent: string) => times.push(await timeClaim(bench, sent));
  await measured('0 %');
  if (last > 4 * BEFORE_VACUUM) {
    await sendUpTo(bench, BEFORE_VACUUM);
    await measured('25,000');
  }
  await sendUpTo(bench, Math.floor(last / 2));
  await measured('50 %');
  await sendUpTo(bench, Math.min(Math.floor(last * 0.99), last - LEAVE));
  await measured('99 %');
  const cleaning = await awaitVacuum(pool);
  await measured(`99 %, then ${cleaning.by.split(' ')[0]}`);
  await sendUpTo(bench, last);
  return { times, cleaning };
}

async function timeClaim({ pool, server, now }: Bench, sent: string): Promise<ClaimTimes> {
  const db = openPrisma(pool);
  const runs: { milliseconds: number; cpu: number | null }[] = [];
  for (let i = 0; i < CLAIMS; i++) {
    const [began, before] = [performance.now(), server.seconds()];
    const { claimed } = await claimDeliveries(db, { worker: 'bench', limit: CLAIMED_AT_ONCE, now, leaseSeconds: 600 });
    const [ended, after] = [performance.now(), server.seconds()];
    if (claimed.length < CLAIMED_AT_ONCE) throw new Error(`a claim found ${claimed.length} of ${CLAIMED_AT_ONCE}`);
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
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${CLAIM.text}`,
      [now, CLAIMED_AT_ONCE, 'explain', 60],
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

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 10) / 10;
}
