/** `npm run chaos`: kills, cuts and restarts in the middle of a big run, then reckons. See docs/delivery.md. */
import { Command } from 'commander';
import { openPool, openPrisma } from '../src/db/client.ts';
import { planMany } from '../test/world/mails.ts';
import { startBouncer } from '../test/support/pgbouncer.ts';
import { startOwnPostgres } from './chaos/own-postgres.ts';
import { startPostgresPair } from './chaos/pair.ts';
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
  .option('--pgbouncer', 'workers come through a PgBouncer that pools by transaction')
  .option('--standby', 'instead of restarts, the server dies once and its standby is promoted')
  .option('--seed <n>', 'replays the same blows and moods', number, Date.now() % 1_000_000)
  .parse()
  .opts<Omit<ChaosPlan, 'url' | 'mails'> & { messages: number; restarts: number; pgbouncer?: true; standby?: true }>();
if (flags.standby) flags.restarts = 1;
const { messages, ...rest } = flags;

const say = (line: string) => process.stdout.write(`${line}\n`);
const replay = `npm run chaos -- ${Object.entries(flags)
  .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${String(value)}`))
  .join(' ')}`;
say(`seed ${flags.seed}; replay: ${replay}`);
const postgres = await (flags.standby ? startPostgresPair() : startOwnPostgres());
const bouncer = flags.pgbouncer ? await startBouncer(postgres.url) : null;
const pool = openPool(postgres.url, 4, () => {});
const db = openPrisma(pool);
await planMany(db, messages);
const url = bouncer?.url ?? postgres.url;
const plan: ChaosPlan = { ...rest, mails: messages, url, restart: () => postgres.restart(), say };
const startedMs = performance.now();
const run = await runChaos(plan);
const result = await reckon(db, plan, run);
const seconds = Math.round((performance.now() - startedMs) / 1000);
say(
  `\n${messages} mails, ${run.kills} kills, ${plan.cuts} cuts, ${flags.restarts} ${flags.standby ? 'promotion' : 'restarts of PostgreSQL'}${bouncer ? ', through PgBouncer' : ''}, ${seconds} s`,
);
say(verdict(result));
say(result.problems.length === 0 ? 'The ledger agrees with the receiver.' : `WRONG: ${result.problems.join('; ')}`);
say(`seed ${flags.seed}`);
await run.close();
await db.$disconnect();
await pool.end();
await results.finish(postgres.url);
await bouncer?.stop();
await postgres.stop();
process.exit(result.problems.length === 0 ? 0 : 1);
