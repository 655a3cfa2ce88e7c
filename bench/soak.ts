/**
 * `npm run soak -- --minutes 20`: the whole pipeline at high speed in one built process (lists come, readers fall due,
 * mails go out, reports come back, people leave, pages are asked for), and whether its memory, descriptors, handles and
 * sessions of the database rise. Exit codes: 0 all are flat, 1 one rises or something went wrong, 2 too short to tell.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import pg from 'pg';
import pino from 'pino';
import { PACKAGE_ROOT } from '../src/config.ts';
import { openPool, openPrisma } from '../src/db/client.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { countByState } from '../src/db/ledger/deliveries.ts';
import { migrate } from '../src/db/migrate.ts';
import { openQueue } from '../src/queue.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { hearResults } from './results.ts';
import { bringReaders, makeFirstReader, writeList } from './soak/readers.ts';
import { startSoakReceiver } from './soak/receiver.ts';
import { risesOf, type Rise, type Sample, type Watched } from './soak/rises.ts';
import { lookAt, startService } from './soak/service.ts';
import { answerMails, visit, type Visits } from './soak/visitors.ts';

const results = hearResults('soak');
const flags = new Command('soak')
  .description('Needs an installed PostgreSQL (TEST_DATABASE_URL, or 127.0.0.1:5432); works in a database of its own.')
  .option('--minutes <n>', 'how long', Number, 20)
  .option('--rate <n>', 'readers who fall due each second', Number, 60)
  .parse()
  .opts<{ minutes: number; rate: number }>();

/** What may rise in ten minutes: memory as a heap that settles does, the others by nothing that lasts. */
const WATCHED: Watched[] = [
  { name: 'memory', unit: 'MB resident', bound: 15, leastOfMinute: true },
  { name: 'heap', unit: 'MB after a collection', bound: 5, leastOfMinute: true },
  { name: 'outside', unit: 'MB outside the heap', bound: 5, leastOfMinute: true },
  { name: 'descriptors', unit: 'of /proc/PID/fd', bound: 3 },
  { name: 'handles', unit: 'active resources', bound: 5 },
  { name: 'threads', unit: '', bound: 1 },
  { name: 'sessions', unit: 'of PostgreSQL', bound: 1 },
];
const [LOOK_MS, ROUND_MS, KEEP_EVERY] = [10_000, 5_000, 40];
/** A quarter of the run, five minutes at most. */
const warmSeconds = Math.min(300, flags.minutes * 15);
const VISITORS = 3;

const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The soak needs an installed PostgreSQL: set TEST_DATABASE_URL.');
const name = `bench_soak_${process.pid}`;
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const url = databaseUrl(serverUrl, name);
const pool = openPool(url, 4, () => {});
const receiver = await startSoakReceiver(KEEP_EVERY);
const ending = new AbortController();
const visits: Visits = { pages: 0, reports: 0, left: 0, wrong: new Map() };
try {
  await bringUpToDate();
  const [port, door] = [await freePort(), await freePort()];
  const lists = mkdtempSync(join(tmpdir(), 'offprint-soak-lists-'));
  writeList(lists, 0);
  const service = await startService(port, {
    ...{ DATABASE_URL: url, SMTP_URL: receiver.url, SOURCES: `lists=${lists}`, SEND_CONNECTIONS: '10' },
    ...{ MAIL_FROM: 'Offprint <papers@digest.example.org>', POSTAL_ADDRESS: '12 Harbour Street, Brightwater BW1 2AB' },
    ...{ BOUNCE_DOMAIN: 'bounces.example.org', BOUNCE_SMTP_PORT: String(door) },
  });
  try {
    const busy = [
      ...Array.from({ length: VISITORS }, () => visit(service.base, visits, ending.signal)),
      answerMails({ receiver, door }, visits, ending.signal),
      feed(lists),
    ];
    const samples: Sample[] = [];
    const startedMs = performance.now();
    const passed = () => (performance.now() - startedMs) / 1_000;
    while (passed() < flags.minutes * 60) {
      samples.push({ atSeconds: passed(), values: await lookAt(service, pool) });
      process.stderr.write(`${lineOf(samples.at(-1)!)}  mails ${receiver.taken()}  pages ${visits.pages}\n`);
      await sleep(LOOK_MS);
    }
    ending.abort();
    await Promise.all(busy);
    await report(risesOf(samples, WATCHED, warmSeconds));
  } finally {
    ending.abort();
    await service.stop();
  }
  await results.finish(url);
} finally {
  await receiver.stop();
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

async function bringUpToDate(): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.end();
}

/** Brings readers and papers, and wakes what a tick would wake within the minute. */
async function feed(lists: string): Promise<void> {
  const db = openPrisma(pool);
  const queue = await openQueue(pool, pino({ level: 'silent' }));
  await makeFirstReader(db);
  const each = Math.ceil((flags.rate * ROUND_MS) / 1_000);
  for (let round = 0; !ending.signal.aborted; round++) {
    if (round % 12 === 0) writeList(lists, round / 12);
    await bringReaders(pool, 1 + round * each, each);
    for (const job of ['ingest', 'plan', 'housekeeping'] as const) await queue.wake(job);
    await sleep(ROUND_MS, undefined, { signal: ending.signal }).catch(() => {});
  }
  await queue.close();
  await db.$disconnect();
}

async function report(rises: readonly Rise[]): Promise<void> {
  const { sent, ...others } = await countByState(openPrisma(pool));
  say(
    `${flags.minutes} minutes, warm after ${warmSeconds} s; ${sent} mails sent, ${visits.pages} pages, ${visits.reports} reports, ${visits.left} left`,
  );
  say(
    `other states: ${Object.entries(others)
      .map(([state, count]) => `${state} ${count}`)
      .join(', ')}\n`,
  );
  say('| what | first | last | in ten minutes | at most | |\n|---|---:|---:|---:|---:|---|');
  for (const { name: what, unit, from, to, perTenMinutes, error, bound, verdict } of rises)
    say(
      `| ${what} ${unit} | ${from.toFixed(0)} | ${to.toFixed(0)} | ${perTenMinutes.toFixed(1)} ± ${(2 * error).toFixed(1)} | ${bound} | ${verdict} |`,
    );
  for (const [what, count] of visits.wrong) say(`\nwrong: ${what}, ${count} times`);
  const least = flags.rate * flags.minutes * 60 * 0.5;
  if (sent < least) say(`\nwrong: ${sent} mails were sent, expected ${least} or more`);
  if (visits.wrong.size > 0 || sent < least || rises.some(({ verdict }) => verdict === 'rises')) process.exitCode = 1;
  else if (rises.some(({ verdict }) => verdict === 'unknown')) process.exitCode = 2;
}

function lineOf({ atSeconds, values }: Sample): string {
  const told = Object.entries(values).map(([what, value]) => `${what} ${value.toFixed(0)}`);
  return `${atSeconds.toFixed(0).padStart(5)} s  ${told.join('  ')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
