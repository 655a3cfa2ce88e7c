/**
 * `npm run bench:sources`: two services and an `offprint run ingest` each minute ask two sources of arXiv, played by a
 * server of our own behind HTTP_PROXY, which writes down who comes when. Each minute all addresses are made due. In the
 * end it asks to be left alone for an hour, and the services are started anew.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { hearResults } from './results.ts';
import { playArxiv, type Heard } from './sources/arxiv.ts';
import { judgeAsking, LEAST_GAP_MS, LONGEST_RUN_MS } from './sources/judge.ts';

const results = hearResults('bench:sources');
const { minutes } = new Command('bench:sources')
  .description(
    'Runs on an installed PostgreSQL (TEST_DATABASE_URL, or one on 127.0.0.1:5432), in a database of its own.',
  )
  .option('--minutes <n>', 'how long, at least 3', Number, 10)
  .parse()
  .opts<{ minutes: number }>();

const MINUTE_MS = 60_000;
/** The last part: after the answer that asks for an hour of peace. */
const PEACE_MINUTES = Math.max(2, Math.floor(minutes / 4));

const serverUrl = await postgresForTests();
if (serverUrl === null) throw new Error('no PostgreSQL to run on: see --help');
const name = `bench_sources_${process.pid}`;
const url = databaseUrl(serverUrl, name);
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const arxiv = await playArxiv();
const settings = {
  ...process.env,
  DATABASE_URL: url,
  HTTP_PROXY: arxiv.proxy,
  SOURCES: 'api=http://export.arxiv.org/api/query?date={date} rss=http://rss.arxiv.org/rss/cs.CL+cs.LG',
  LOG_LEVEL: 'error',
  PORT: '0',
};
const program = (...args: string[]): ChildProcess =>
  spawn(process.execPath, args, {
    cwd: PACKAGE_ROOT,
    env: { ...settings, DATA_DIR: mkdtempSync(join(tmpdir(), 'bench-sources-')) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const ended = (child: ChildProcess) =>
  child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : Promise.resolve();
const services: ChildProcess[] = [];
const pool = new pg.Pool({ connectionString: url, max: 2 });

try {
  await restart();
  const started = performance.now();
  const runs: Promise<unknown>[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    if (minute === minutes - PEACE_MINUTES) {
      arxiv.askForPeace();
      await sleep(20_000); // the next tick hears it
      await restart();
    }
    await pool.query('UPDATE source_addresses SET due_at = asked_at');
    runs.push(ended(program('dist/cli.js', 'run', 'ingest')));
    await sleep(Math.max(0, started + (minute + 1) * MINUTE_MS - performance.now()));
  }
  await Promise.all(runs);
  await report(arxiv.heard);
} finally {
  await stop();
  arxiv.close();
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

/** Starts both services, or starts them anew. */
async function restart(): Promise<void> {
  await stop();
  services.push(program('dist/main.js'));
  await tables(); // the first brings the database up to date
  services.push(program('dist/main.js'));
}

async function stop(): Promise<void> {
  for (const service of services) service.kill('SIGTERM');
  await Promise.all(services.splice(0).map(ended));
}

async function tables(): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ there: boolean }>(`SELECT to_regclass('source_hosts') IS NOT NULL AS there`);
    if (rows[0]?.there) return;
    await sleep(200);
  }
}

async function report(heard: readonly Heard[]): Promise<void> {
  const { rows } = await pool.query<{ runs: string; ms: number | null }>(
    `SELECT count(*) AS runs, max(extract(epoch FROM finished_at - started_at) * 1000)::float8 AS ms FROM runs WHERE job = 'ingest'`,
  );
  const ms = rows[0]?.ms ?? null;
  const asking = judgeAsking(heard, ms);
  const told = [
    ['minutes, runs of ingest over two services and the command', `${minutes}, ${rows[0]?.runs}`, ''],
    ['requests; answered 200, 304, 429', [heard.length, ...[200, 304, 429].map(countOf)].join('; '), ''],
    ['hosts', [...new Set(heard.map(({ url: one }) => new URL(one).host))].join(' '), ''],
    ['least milliseconds between two requests', Math.round(asking.leastGapMs), `≥ ${LEAST_GAP_MS}`],
    ['most requests at once', asking.mostAtOnce, '1'],
    ['bodies that came twice for one version', asking.twice, '0'],
    ['longest run of ingest, milliseconds', ms === null ? 'none ended' : Math.round(ms), `≤ ${LONGEST_RUN_MS}`],
    [`requests in ${PEACE_MINUTES} minutes after «Retry-After: 3600»`, asking.afterPeace ?? 'never said', '0'],
  ];
  process.stdout.write('| what | measured | must be |\n|---|---|---|\n');
  for (const row of told) process.stdout.write(`| ${row.join(' | ')} |\n`);
  if (!asking.isFine) process.exitCode = 1;
  await results.finish(url);

  function countOf(status: number): number {
    return heard.filter((one) => one.status === status).length;
  }
}
