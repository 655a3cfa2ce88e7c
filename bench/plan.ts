import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { loadConfig, PACKAGE_ROOT } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { openPool, openPrisma } from '../src/db/client.ts';
import { loadKeys } from '../src/db/keys.ts';
import { migrate } from '../src/db/migrate.ts';
import { runPlan } from '../src/plan/run-plan.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { seed } from './plan/seed.ts';

// Planning at 10,000, 100,000 and 1,000,000 readers who are due at once, on an installed PostgreSQL (TEST_DATABASE_URL, or one on
// 127.0.0.1:5432). Gates of DESIGN 9: memory at most 400 MB, time linear (per reader at most twice the smallest run's).
// Options: --sizes 10000,100000 --json

const DUE_AT = new Date('2026-01-05T08:00:00Z');
const MAX_RSS_MB = 400;
const MAX_SLOWDOWN = 2;

interface Row {
  readers: number;
  seconds: number;
  perSecond: number;
  ownCpuSeconds: number;
  peakRssMb: number;
  newsletters: number;
}

const argument = (name: string) => process.argv[process.argv.indexOf(name) + 1];
const sizes = process.argv.includes('--sizes')
  ? (argument('--sizes') ?? '').split(',').map(Number)
  : [10_000, 100_000, 1_000_000];
const json = process.argv.includes('--json');

const rows = await measurePlanning();
const slowdown =
  (rows.at(-1)?.seconds ?? 0) / (rows.at(-1)?.readers ?? 1) / ((rows[0]?.seconds ?? 1) / (rows[0]?.readers ?? 1));
const failures = [
  ...rows
    .filter(({ peakRssMb }) => peakRssMb > MAX_RSS_MB)
    .map(({ readers, peakRssMb }) => `${readers} readers took ${peakRssMb} MB, at most ${MAX_RSS_MB}`),
  ...rows
    .filter(({ readers, newsletters }) => newsletters < readers * 0.9)
    .map(({ readers, newsletters }) => `${readers} readers got only ${newsletters} newsletters`),
  ...(slowdown > MAX_SLOWDOWN
    ? [
        `a reader took ${slowdown.toFixed(2)} times as long in the largest run as in the smallest, at most ${MAX_SLOWDOWN}`,
      ]
    : []),
];
say({ what: 'verdict', slowdown: Number(slowdown.toFixed(2)), failures });
process.exitCode = failures.length > 0 ? 1 : 0;

async function measurePlanning(): Promise<Row[]> {
  const serverUrl = await postgresForTests();
  if (!serverUrl)
    throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL, or start one on 127.0.0.1:5432.');
  const name = `bench_plan_${process.pid}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = databaseUrl(serverUrl, name);
  const pool = openPool(url, 5, () => {});
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
    await client.end();
    const measured: Row[] = [];
    for (const readers of sizes) {
      await seed(pool, readers, '2026-01-05', DUE_AT);
      measured.push(await planOnce(pool, readers));
      say({ what: 'plan', ...measured.at(-1) });
    }
    return measured;
  } finally {
    await pool.end();
    await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function planOnce(pool: pg.Pool, readers: number): Promise<Row> {
  const db = openPrisma(pool);
  const now = new Date(DUE_AT.getTime() + 5_000);
  const ctx = {
    config: loadConfig({ SOURCES: '' }),
    db,
    keys: await loadKeys(db, undefined, now),
    queue: { wake: () => Promise.resolve() },
    now: () => now,
    log: pino({ level: 'silent' }),
  } as unknown as Context;
  globalThis.gc?.();
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { newsletters } = await runPlan(ctx);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampler);
  await db.$disconnect();
  return {
    readers,
    seconds: Number(seconds.toFixed(2)),
    perSecond: Math.round(readers / seconds),
    ownCpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    peakRssMb: Math.round(peak / 1e6),
    newsletters,
  };
}

function say(row: Record<string, unknown>): void {
  if (json) process.stdout.write(`${JSON.stringify(row)}\n`);
  else {
    const { what, ...rest } = row;
    const told = Object.entries(rest).map(
      ([key, value]) => `${key} ${Array.isArray(value) ? value.join('; ') || 'none' : String(value)}`,
    );
    process.stdout.write(`${String(what).padEnd(8)}  ${told.join('  ')}\n`);
  }
}
