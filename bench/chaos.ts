/** `npm run chaos`: kills, cuts and restarts in the middle of a big run, then reckons. See docs/delivery.md. */
import { Command } from 'commander';
import { openPool, openPrisma } from '../src/db/client.ts';
import { planMany } from '../test/world/mails.ts';
import { startOwnPostgres } from './chaos/own-postgres.ts';
import { reckon, verdict } from './chaos/reckon.ts';
import { runChaos, type ChaosPlan } from './chaos/run-chaos.ts';
import { hearResults } from './results.ts';

const results = hearResults('chaos');
const number = (text: string) => Number(text);
const flags = new Command('chaos')
  .option('--messages <n>', 'mails planned', number, 20_000)
  .option('--workers <n>', 'worker processes', number, 3)
  .option('--connections <n>', 'SMTP connections of each', number, 5)
  .option('--kills <n>', 'kill -9 of a worker', number, 50)
  .option('--cuts <n>', 'cuts of the wire to the receiver', number, 2)
  .option('--restarts <n>', 'restarts of PostgreSQL', number, 2)
  .option('--seed <n>', 'replays the same blows and moods', number, Date.now() % 1_000_000)
  .parse()
  .opts<Omit<ChaosPlan, 'url' | 'mails'> & { messages: number; restarts: number }>();
const { messages, ...rest } = flags;

const say = (line: string) => process.stdout.write(`${line}\n`);
const replay = `npm run chaos -- ${Object.entries(flags)
  .map(([name, value]) => `--${name} ${String(value)}`)
  .join(' ')}`;
say(`seed ${flags.seed}; replay: ${replay}`);
const postgres = await startOwnPostgres();
const pool = openPool(postgres.url, 4, () => {});
const db = openPrisma(pool);
await planMany(db, messages);
const plan: ChaosPlan = { ...rest, mails: messages, url: postgres.url, restart: () => postgres.restart(), say };
const startedMs = performance.now();
const run = await runChaos(plan);
const result = await reckon(db, plan, run);
const seconds = Math.round((performance.now() - startedMs) / 1000);
say(
  `\n${messages} mails, ${run.kills} kills, ${plan.cuts} cuts, ${flags.restarts} restarts of PostgreSQL, ${seconds} s`,
);
say(verdict(result));
say(result.problems.length === 0 ? 'The ledger agrees with the receiver.' : `WRONG: ${result.problems.join('; ')}`);
say(`seed ${flags.seed}`);
await run.close();
await db.$disconnect();
await pool.end();
await results.finish(postgres.url);
await postgres.stop();
process.exit(result.problems.length === 0 ? 0 : 1);
