/**
 * `npm run bench:doors`: 100,000 events through each door of feedback, against `postal-mime` alone (webhooks: against
 * JSON.parse and an HMAC alone) in the same run; how memory stands. `--bare` brings them to a door that nothing is
 * behind, which tells what the door itself costs.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../src/config.ts';
import { openContext } from '../src/create-context.ts';
import { openPool } from '../src/db/client.ts';
import { understand } from '../src/feedback/parse-report.ts';
import type { Received, TakeIn } from '../src/feedback/received.ts';
import { takeIn } from '../src/feedback/run-feedback.ts';
import { deliveryToken } from '../src/links/verp.ts';
import { DOVECOT } from '../test/feedback/dovecot.ts';
import { databaseUrl, onServer } from '../test/support/database.ts';
import { postgresForTests } from '../test/support/servers.ts';
import { jsonAndHmacAlone, postalMimeAlone, returned, sendgridBody } from './doors/events.ts';
import { IN_A_BODY, PUBLIC_KEY, WAYS } from './doors/ways.ts';
import { hearResults } from './results.ts';
import { planAll, seed } from './send/seed.ts';

const DOMAIN = 'bounce.bench.example';
const SAMPLE = 5_000;

const results = hearResults('bench:doors');
const list = (text: string) => text.split(',');
const flags = new Command('bench:doors')
  .description('Needs an installed PostgreSQL; works in a database of its own, which is dropped at the end.')
  .option('--events <n>', 'how many events by each door', Number, 100_000)
  .option('--doors <list>', 'which doors', list, Object.keys(WAYS))
  .option('--bare', 'nothing is behind the doors')
  .parse()
  .opts<{ events: number; doors: string[]; bare?: boolean }>();

const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL, or start one.');
const name = `bench_doors_${process.pid}`;
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const url = databaseUrl(serverUrl, name);
const pool = openPool(url, 2, () => {});
const ctx = await openContext(
  loadConfig({
    DATABASE_URL: url,
    DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-bench-')),
    BOUNCE_DOMAIN: DOMAIN,
    BOUNCE_SMTP_PORT: '0',
    WEBHOOK_SENDGRID_PUBLIC_KEY: PUBLIC_KEY,
    LOG_LEVEL: 'error',
  }),
);
try {
  await seed(pool, flags.events);
  const doors = flags.doors.filter((door) => door !== 'imap' || DOVECOT !== undefined);
  if (doors.length < flags.doors.length) process.stdout.write('imap      Dovecot is not installed: not measured\n');
  for (const door of doors) await measure(door);
  await results.finish(url);
} finally {
  await ctx.close();
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

/** Brings all events in by one door, as if every newsletter had come back. */
async function measure(door: string): Promise<void> {
  const way = WAYS[door];
  const key = ctx.keys.link[0];
  if (!way || !key) throw new Error(`${door}: expected ${Object.keys(WAYS).join(', ')}`);
  await planAll(pool);
  await pool.query(`TRUNCATE suppressions CASCADE`);
  await pool.query(
    `UPDATE deliveries SET state = 'sent', sent_at = now() - interval '1 hour', finished_at = now() - interval '1 hour'`,
  );
  const { rows } = await pool.query<{ public_id: string }>('SELECT public_id FROM deliveries ORDER BY id');
  const tokenOf = (n: number) => deliveryToken(key, rows[(n - 1) % rows.length]?.public_id ?? '');
  const mailOf = (n: number) => returned(n, `b+${tokenOf(n)}@${DOMAIN}`);
  const alone = await bareRate(door, mailOf, tokenOf);
  const through = await way({ ctx, takeIn: flags.bare ? bare : takeIn(ctx), count: flags.events, mailOf, tokenOf });
  const memory = watchMemory();
  const from = performance.now();
  await through();
  const perSecond = flags.events / ((performance.now() - from) / 1_000);
  const grown = memory.end();
  const row = { events: flags.events, perSecond, alone, share: perSecond / alone, grownMb: grown };
  const told = Object.entries(row).map(([what, value]) => `${what} ${Math.round(value * 100) / 100}`);
  process.stdout.write(`${door.padEnd(8)}  ${told.join('  ')}\n`);
}

/** What a door brings is read, and kept nowhere. */
async function bare({ bytes, told, understood }: Received): ReturnType<TakeIn> {
  if (!told && !understood) await understand(bytes);
  return { isNew: true, events: [{ kind: 'hard', address: 'a', delivery: 'd', effect: 'filed' }] };
}

async function bareRate(
  door: string,
  mailOf: (n: number) => { mail: string },
  tokenOf: (n: number) => string,
): Promise<number> {
  const numbers = Array.from({ length: Math.min(SAMPLE, flags.events) }, (_, at) => at + 1);
  if (door !== 'webhook') return postalMimeAlone(numbers.map((n) => mailOf(n).mail));
  const bodies: string[] = [];
  for (let at = 0; at + IN_A_BODY <= numbers.length; at += IN_A_BODY)
    bodies.push(sendgridBody(numbers.slice(at, at + IN_A_BODY).map((n) => ({ n, token: tokenOf(n) }))));
  return jsonAndHmacAlone(bodies, IN_A_BODY);
}

/** Watches by how much memory grows from the second to the last fifth of a run, in MB; collected garbage counts not. */
function watchMemory(): { end: () => number } {
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(process.memoryUsage().rss / 2 ** 20), 100);
  return {
    end: () => {
      clearInterval(timer);
      const fifth = Math.floor(seen.length / 5);
      const least = (from: number, to: number) => Math.min(...seen.slice(from, to));
      return fifth === 0 ? 0 : least(fifth * 4, seen.length) - least(fifth, fifth * 2);
    },
  };
}
