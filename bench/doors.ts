/**
 * `npm run bench:doors`: 100,000 events through each door of feedback, against `postal-mime` alone (webhooks: against
 * JSON.parse and an HMAC alone) in the same run; how memory stands; what sending loses beside it. `--bare` brings them
 * to a door that nothing is behind, which tells what the door itself costs.
 */
import { spawnSync } from 'node:child_process';
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
import { sendBeside } from './doors/beside.ts';
import { jsonAndHmacAlone, postalMimeAlone } from './doors/references.ts';
import { mailOf, SETTINGS, WAYS, type Way } from './doors/ways.ts';
import { hearResults } from './results.ts';
import { planAll, seed } from './send/seed.ts';
import { startSink } from './send/tools.ts';

const SAMPLE = 2_000;
/** The newsletters are of that morning. */
const NOW = new Date('2026-01-05T09:00:00Z');

const results = hearResults('bench:doors');
const list = (text: string) => text.split(',');
const flags = new Command('bench:doors')
  .description('Needs an installed PostgreSQL; works in a database of its own, which is dropped at the end.')
  .option('--events <n>', 'how many events by each door', Number, 100_000)
  .option('--doors <list>', 'which doors; `beside` is sending beside them', list, [...Object.keys(WAYS), 'beside'])
  .option('--bare', 'nothing is behind the doors')
  .parse()
  .opts<{ events: number; doors: string[]; bare?: boolean }>();

const serverUrl = await postgresForTests();
if (!serverUrl) throw new Error('The bench needs an installed PostgreSQL: set TEST_DATABASE_URL, or start one.');
const name = `bench_doors_${process.pid}`;
await onServer(serverUrl, `CREATE DATABASE ${name}`);
const url = databaseUrl(serverUrl, name);
const pool = openPool(url, 2, () => {});
const sink = spawnSync('which', ['smtp-sink']).status === 0 ? await startSink() : null;
const ctx = await openContext(
  loadConfig({
    DATABASE_URL: url,
    DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-bench-')),
    ...SETTINGS,
    ...(sink && { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, POSTAL_ADDRESS: '12 Harbour Street, Brightwater' }),
    LOG_LEVEL: 'silent',
  }),
  { now: () => NOW },
);
const missing = { imap: DOVECOT === undefined && 'Dovecot', beside: sink === null && 'smtp-sink' };
try {
  await seed(pool, flags.events);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say('| door | events/s | alone/s | share | memory |');
  say('|---|---|---|---|---|');
  for (const door of flags.doors) {
    const tool = missing[door as keyof typeof missing];
    if (tool) say(`| ${door} | not measured: ${tool} is not here | | | |`);
    else if (door === 'beside') await measureBeside(say);
    else say(await measure(door));
  }
  await results.finish(url);
} finally {
  await ctx.close();
  await sink?.stop();
  await pool.end();
  await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
}

function tokensOf(publicIds: readonly string[]): string[] {
  const [key] = ctx.keys.link;
  if (!key) throw new Error('there is no key for links');
  return publicIds.map((id) => deliveryToken(key, id));
}

/** Brings all events in by one door, as if every newsletter had come back. */
async function measure(door: string): Promise<string> {
  const way = WAYS[door];
  if (!way) throw new Error(`${door}: expected ${Object.keys(WAYS).join(', ')} or beside`);
  await planAll(pool);
  await pool.query('TRUNCATE suppressions, address_standings, feedback_reports CASCADE');
  const { rows } = await pool.query<{ public_id: string }>(
    `UPDATE deliveries SET state = 'sent', sent_at = '2026-01-05 08:00Z', finished_at = '2026-01-05 08:00Z' RETURNING public_id`,
  );
  const tokens = tokensOf(rows.map(({ public_id: id }) => id));
  const through = await way.prepare({ ctx, takeIn: flags.bare ? bare : takeIn(ctx), count: flags.events, tokens });
  const before = await aloneOf(way, tokens);
  const memory = watchMemory();
  const from = performance.now();
  await through();
  const perSecond = flags.events / ((performance.now() - from) / 1_000);
  const grown = memory.end();
  const alone = (before + (await aloneOf(way, tokens))) / 2;
  const share = (perSecond / alone).toPrecision(2);
  return `| ${door} | ${perSecond.toFixed(0)} | ${alone.toFixed(0)} | ${share} | ${grown.toFixed(0)} MB |`;
}

async function measureBeside(say: (line: string) => void): Promise<void> {
  const all = await sendBeside(ctx, pool, tokensOf);
  const alone = all[0]?.mailsPerSecond ?? 1;
  say('');
  say('| sending | mails/s | of those at rest | reports/s | CPU a mail | PostgreSQL a mail | who brings |');
  say('|---|---|---|---|---|---|---|');
  for (const { what, mailsPerSecond, reportsPerSecond, ownMicros, postgresMicros, bringer } of all) {
    const kept = ((mailsPerSecond / alone) * 100).toFixed(0);
    const [mails, reports] = [mailsPerSecond.toFixed(0), reportsPerSecond.toFixed(0)];
    const [own, theirs] = [`${ownMicros.toFixed(0)} µs`, `${postgresMicros.toFixed(0)} µs`];
    say(
      `| ${what} | ${mails} | ${kept} % | ${reports} | ${own} | ${theirs} | ${(bringer * 100).toFixed(0)} % of a core |`,
    );
  }
}

/** What a door brings is read, and kept nowhere. */
async function bare({ bytes, told, understood }: Received): ReturnType<TakeIn> {
  if (!told && !understood) await understand(bytes);
  return { isNew: true, events: [{ kind: 'hard', address: 'a', delivery: 'd', effect: 'filed' }] };
}

/** How many events a second are read by themselves, as they come by this door. */
async function aloneOf({ inOne, bodyOf }: Way, tokens: readonly string[]): Promise<number> {
  const numbers = Array.from({ length: Math.min(SAMPLE * inOne, flags.events) }, (_, at) => at + 1);
  if (!bodyOf) return postalMimeAlone(numbers.map((n) => mailOf(tokens, n)));
  const some = numbers.map((n) => ({ n, token: tokens[n - 1] ?? '' }));
  const bodies: string[] = [];
  for (let at = 0; at + inOne <= some.length; at += inOne) bodies.push(bodyOf(some.slice(at, at + inOne)));
  return jsonAndHmacAlone(bodies, inOne);
}

/** Watches by how much memory grows from the second to the last fifth of a run, in MB; collected garbage counts not. */
function watchMemory(): { end: () => number } {
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(process.memoryUsage.rss() / 2 ** 20), 100);
  return {
    end: () => {
      clearInterval(timer);
      const fifth = Math.floor(seen.length / 5);
      const least = (from: number, to: number) => Math.min(...seen.slice(from, to));
      return fifth === 0 ? 0 : least(fifth * 4, seen.length) - least(fifth, fifth * 2);
    },
  };
}
