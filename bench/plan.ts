/**
 * `npm run bench:plan`: planning for 10,000, 100,000 and 1,000,000 readers who are due at once; with `--ledger` what
 * the ledger is like then.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';
import { openPool } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { watchServerCpu } from './plan/cpu.ts';
import { timeClaims } from './plan/ledger.ts';
import { planOnce, type Planned } from './plan/plan-once.ts';
import { openTakenQueue } from './plan/queue.ts';
import { seed } from './plan/seed.ts';
import { measureTables } from './plan/tables.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:plan');
const list = (text: string) => text.split(',').map(Number);
const flags = new Command('bench:plan')
  .description(
    'Plans on an installed PostgreSQL (TEST_DATABASE_URL, or one on 127.0.0.1:5432), in a database of its own, dropped at the end.',
  )
  .option('--readers <n>', 'this many only, after a tenth of them to compare with', Number)
  .option('--sizes <list>', 'numbers of readers, rising', list, [10_000, 100_000, 1_000_000])
  .option('--ledger', 'then send it all: claim times, what autovacuum does, sizes of the ledger and the queue')
  .option('--json', 'print one object a line')
  .parse()
  .opts<{ readers?: number; sizes: number[]; ledger?: boolean; json?: boolean }>();

/** What a run must keep to. */
const MAX_MB = 400;
const MAX_GROWTH = 1.3;
/** Some readers match nothing. */
const MIN_SHARE = 0.9;

const SLOT_ON = '2026-01-05';
const DUE_AT = new Date(`${SLOT_ON}T08:00:00Z`);
const NOW = new Date(DUE_AT.getTime() + 5_000);

const serverUrl = await postgresForTests();
if (!serverUrl)
  throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL, or start one on 127.0.0.1:5432.');
const name = `bench_plan_${process.pid}`;
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const url = databaseUrl(serverUrl, name);
const pool = openPool(url, 3, () => {});
const server = watchServerCpu(pool);
try {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.end();
  const queue = await openTakenQueue(url);
  const planned: Planned[] = [];
  try {
    for (const readers of flags.readers ? [Math.ceil(flags.readers / 10), flags.readers] : flags.sizes) {
      await seed(pool, readers, SLOT_ON, DUE_AT);
      const result = await planOnce({ pool, server, now: NOW, queue }, readers);
      planned.push(result);
      say('plan', toRow(result));
      if (flags.ledger) await lookAtLedger(() => queue.wake('deliver'));
    }
  } finally {
    await queue.close();
  }
  const growth = growthOf(planned);
  const failures = [
    ...planned.flatMap(failuresOf),
    ...(growth > MAX_GROWTH ? [`time grew by ${growth} against linear, at most ${MAX_GROWTH}`] : []),
  ];
  say('verdict', { growthAgainstLinear: growth, failures: failures.join('; ') || 'none' });
  if (failures.length > 0) process.exitCode = 1;
  await results.finish(url);
} finally {
  server.close();
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

async function lookAtLedger(wake: () => Promise<void>): Promise<void> {
  const { times, cleaning } = await timeClaims({ pool, server, now: NOW, wake });
  for (const one of times) say('claim', { ...one });
  say('vacuum', { ...cleaning });
  for (const size of await measureTables(pool)) say('table', { ...size });
}

/** Processor time of both, since others may keep the machine busy; the clock where the server cannot be seen. */
function costOf({ seconds, ownCpuSeconds, serverCpuSeconds }: Planned): number {
  return serverCpuSeconds === null ? seconds : ownCpuSeconds + serverCpuSeconds;
}

function growthOf(planned: Planned[]): number {
  const each = planned.map((one) => costOf(one) / one.readers);
  return round((each.at(-1) ?? 0) / (each[0] ?? 1));
}

function failuresOf({ readers, newsletters, peakMbByTenth }: Planned): string[] {
  const peak = Math.max(...peakMbByTenth);
  return [
    ...(peak > MAX_MB ? [`${readers} readers took ${peak} MB, at most ${MAX_MB}`] : []),
    ...(newsletters < readers * MIN_SHARE ? [`${readers} readers got only ${newsletters} newsletters`] : []),
  ];
}

function toRow(planned: Planned): Record<string, unknown> {
  const { readers, newsletters, seconds, ownCpuSeconds, serverCpuSeconds, peakMbByTenth } = planned;
  return {
    readers,
    newsletters,
    seconds: round(seconds),
    perSecond: Math.round(readers / seconds),
    ownCpuSeconds: round(ownCpuSeconds),
    serverCpuSeconds: serverCpuSeconds === null ? 'unknown' : round(serverCpuSeconds),
    cpuMicrosecondsEach: Math.round((costOf(planned) / readers) * 1e6),
    peakMbByTenth,
    load: round(loadavg()[0] ?? 0),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function say(what: string, row: Record<string, unknown>): void {
  const told = Object.entries(row).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') : String(value)}`,
  );
  process.stdout.write(
    flags.json ? `${JSON.stringify({ what, ...row })}\n` : `${what.padEnd(8)}  ${told.join('  ')}\n`,
  );
}
