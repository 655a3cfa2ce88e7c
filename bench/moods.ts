/**
 * `npm run moods`: an edition through receivers in every mood, with the clocks moved along; prints what became of it.
 * See docs/delivery.md.
 */
import { Command } from 'commander';
import { openPool, openPrisma } from '../src/db/client.ts';
import { later, ours, sessions } from '../test/deliver/moods/moods.ts';
import { playMood, type Outcome } from '../test/deliver/moods/play.ts';
import { startOwnPostgres } from './chaos/own-postgres.ts';
import { hearResults } from './results.ts';

const results = hearResults('moods');
const { only } = new Command('moods')
  .description('Sends an edition to 300 readers of 53 domains (where a mood says no other numbers) over 5 connections.')
  .option('--only <text>', 'only moods whose name holds this')
  .parse()
  .opts<{ only?: string }>();

const postgres = await startOwnPostgres();
const pool = openPool(postgres.url, 10, () => {});
const database = { db: openPrisma(pool), pool, url: postgres.url };
const columns = [
  'sent',
  'retrying',
  'failed',
  'bounced',
  'uncertain',
  'suppressed',
  'repeated',
  'pauses',
  'alarms',
  'lastMinute',
  'connections',
  'refusals',
] as const;
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`| mood | ${columns.join(' | ')} | the alarm says |\n|---|${columns.map(() => '---|').join('')}---|`);
let lost = 0;
for (const mood of [...sessions, ...later, ...ours].filter(({ name }) => name.includes(only ?? ''))) {
  const outcome: Outcome = await playMood(database, mood);
  lost += (mood.readers ?? 300) - outcome.sent + outcome.repeated;
  const words = /stopped: ([^"\\]*)/.exec(outcome.words)?.[1] ?? '';
  say(`| ${mood.name} | ${columns.map((column) => outcome[column]).join(' | ')} | ${words} |`);
}
say(lost === 0 ? 'Every reader got the mail, once.' : `WRONG: ${lost} lost or repeated`);
await database.db.$disconnect();
await pool.end();
await results.finish(postgres.url);
await postgres.stop();
process.exit(lost === 0 ? 0 : 1);
