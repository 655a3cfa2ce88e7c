/**
 * `npm run bench:size`: what a mail, a reader and a paper take on the disk, tables and indexes, and what that is after
 * a year. Papers are taken in, readers planned and mails taken through their life as the service does it.
 */
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';
import { openPool } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { addDays } from '../src/lib/time.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { watchServerCpu } from './plan/cpu.ts';
import { planOnce } from './plan/plan-once.ts';
import { openTakenQueue } from './plan/queue.ts';
import { seed } from './plan/seed.ts';
import { sendUpTo } from './plan/send-up-to.ts';
import { hearResults } from './results.ts';
import { bringNextDay } from './size/next-day.ts';
import { bytesEach, grownBy, measureBytes, yearOf, type Kept, type TableBytes } from './size/measure.ts';
import { takePapers } from './size/take-papers.ts';

const results = hearResults('bench:size');
const flags = new Command('bench:size')
  .description(
    'Measures on an installed PostgreSQL (TEST_DATABASE_URL, or one on 127.0.0.1:5432), in a database of its own.',
  )
  .option('--readers <n>', 'so many readers, each with four mails', Number, 20_000)
  .option('--days <n>', 'so many days of lists', Number, 14)
  .parse()
  .opts<{ readers: number; days: number }>();

const SLOT_ON = '2026-01-05';
const DUE_AT = new Date(`${SLOT_ON}T08:00:00Z`);
const [PLANNED_AFTER_MS, DAY_MS] = [5_000, 86_400_000];
/** Mails sent between two rounds of vacuum. */
const STEP = 10_000;
const EDITIONS = 4;
const OF_MAILS = ['newsletters', 'deliveries', 'attempts'];
const OF_READERS = ['subscribers', 'subscriber_interests', 'address_words'];
/** What a day's lists leave beside what each paper does is told with them. */
const OF_PAPERS = ['papers', 'paper_identities', 'entries', 'captures', 'digests'];
const YEARS = [1_000, 100_000, 1_000_000];

const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL.');
const name = `bench_size_${process.pid}`;
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const url = databaseUrl(serverUrl, name);
const pool = openPool(url, 3, () => {});
try {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.end();
  await takePapers(url, flags.days);
  const afterPapers = await measureBytes(pool);
  const papers = kept('paper', OF_PAPERS, afterPapers, 'papers');
  const [before, after] = await planAndSend();
  print([
    kept('mail', OF_MAILS, grownBy(before, after), 'deliveries'),
    kept('reader', OF_READERS, after, 'subscribers'),
    papers,
  ]);
  const matches = kept('match', ['matches'], after, 'matches');
  say(`\n${Math.round(bytesEach(matches))} bytes a match (an interest and a paper that fits it).`);
  await results.finish(url);
} finally {
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

/** The last edition finds the room that the life of the mails before it left, as in a service that goes on. */
async function planAndSend(): Promise<[TableBytes[], TableBytes[]]> {
  const queue = await openTakenQueue(url);
  const server = watchServerCpu(pool);
  const edition = async (now: Date) => {
    await planOnce({ pool, server, now, queue }, flags.readers);
    const ids = await pool.query<{ from: number; to: number }>(
      "SELECT min(id)::int AS from, max(id)::int AS to FROM deliveries WHERE state = 'planned'",
    );
    const { from, to } = ids.rows[0] ?? { from: 1, to: 0 };
    for (let upTo = from + STEP; upTo < to + STEP; upTo += STEP) {
      await sendUpTo({ pool, wake: () => queue.wake('deliver') }, Math.min(upTo, to));
      await pool.query('VACUUM deliveries'); // as autovacuum does, by the settings of the table
    }
    return measureBytes(pool);
  };
  try {
    await seed(pool, flags.readers, SLOT_ON, DUE_AT);
    const sizes: TableBytes[][] = [];
    for (let day = 0; day < EDITIONS; day++) {
      if (day > 0) await bringNextDay(pool, addDays(SLOT_ON, day));
      sizes.push(await edition(new Date(DUE_AT.getTime() + day * DAY_MS + PLANNED_AFTER_MS)));
    }
    return [sizes.at(-2) ?? [], sizes.at(-1) ?? []];
  } finally {
    server.close();
    await queue.close();
  }
}

function kept(what: string, names: readonly string[], measured: readonly TableBytes[], counted: string): Kept {
  const tables = measured.filter(({ name: table }) => names.includes(table));
  const missing = names.filter((table) => !tables.some((one) => one.name === table));
  if (missing.length > 0) throw new Error(`nothing in ${missing.join(', ')}: the bench measures nothing there`);
  return { what, count: tables.find((table) => table.name === counted)?.rows ?? 0, tables };
}

function print(all: readonly [mail: Kept, reader: Kept, paper: Kept]): void {
  say('| of | table | rows | bytes a row | with indexes | bytes of one |\n|---|---|---:|---:|---:|---:|');
  for (const one of all) {
    for (const { name: table, rows, table: heap, indexes } of one.tables)
      say(
        `| a ${one.what} | \`${table}\` | ${count(rows)} | ${each(heap, rows)} | ${each(heap + indexes, rows)} | ${each(heap + indexes, one.count)} |`,
      );
    say(`| **a ${one.what}** | | ${count(one.count)} | | | **${Math.round(bytesEach(one)).toLocaleString('en')}** |`);
  }
  const [mail, reader, paper] = all.map(bytesEach) as [number, number, number];
  const papersOfYear = ((paper * all[2].count) / flags.days) * 365;
  say(
    `\n| readers, each with a mail a day | mails of a year | mails | readers | papers (${count(Math.round((all[2].count / flags.days) * 365))}) | on the disk |\n|---:|---:|---:|---:|---:|---:|`,
  );
  for (const readers of YEARS) {
    const { mails, bytes } = yearOf(readers, { mail, reader, papersOfYear });
    say(
      `| ${count(readers)} | ${count(mails)} | ${size(mails * mail)} | ${size(readers * reader)} | ${size(papersOfYear)} | **${size(bytes)}** |`,
    );
  }
}

function each(bytes: number, rows: number): string {
  return Math.round(bytes / rows).toLocaleString('en');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
