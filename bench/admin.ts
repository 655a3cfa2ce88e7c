/**
 * `npm run bench:admin`: the admin's pages and the API's lists with a million readers and five million mails, as over
 * HTTP. The database is made anew, or taken as it is with `--database URL`.
 */
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';
import { openPool } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { openPages, timePages, type Timed } from './admin/pages.ts';
import { NOW } from './admin/rows.ts';
import { seedAdmin } from './admin/seed.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:admin');
const flags = new Command('bench:admin')
  .description('Times every page of the admin’s on an installed PostgreSQL (TEST_DATABASE_URL, or 127.0.0.1:5432).')
  .option('--readers <n>', 'so many readers, and five times as many mails', Number, 1_000_000)
  .option('--rounds <n>', 'times that each page is asked for', Number, 30)
  .option('--database <url>', 'take this database, brought up to date, and keep it')
  .option('--keep', 'keep the database that was made')
  .parse()
  .opts<{ readers: number; rounds: number; database?: string; keep?: boolean }>();

const EDITIONS = 250;
const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL.');
const name = `bench_admin_${process.pid}`;
const url = flags.database ?? databaseUrl(serverUrl, name);
try {
  if (!flags.database) await onServer(serverUrl, `CREATE DATABASE ${name}`);
  await bringUpToDate();
  if (!flags.database) await fill();
  const pages = await openPages(url, NOW);
  let timed: Timed[];
  try {
    timed = await timePages(pages, flags.rounds);
  } finally {
    await pages.close();
  }
  print(timed);
  if (timed.some(({ over }) => over)) process.exitCode = 1;
  await results.finish(url);
} finally {
  if (!flags.database && !flags.keep) await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function bringUpToDate(): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.end();
}

async function fill(): Promise<void> {
  const pool = openPool(url, 2, () => {});
  const amounts = { readers: flags.readers, deliveries: flags.readers * 5, editions: EDITIONS };
  try {
    await seedAdmin(pool, amounts, (step) =>
      process.stderr.write(`${(performance.now() / 1_000).toFixed(0)} s: ${step}\n`),
    );
  } finally {
    await pool.end();
  }
}

function print(timed: readonly Timed[]): void {
  const cells = timed.map(({ path, status, p50, p95, most, over }) => [
    ...[`\`${path}\``, String(status), p50.toFixed(0), p95.toFixed(0), String(most), over ? 'over' : ''],
  ]);
  const lines = [
    ['page', 'status', 'p50 ms', 'p95 ms', 'at most', ''],
    ['---', '---:', '---:', '---:', '---:', '---'],
    ...cells,
  ];
  process.stdout.write(`${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`);
}
