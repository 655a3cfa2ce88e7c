/** `npm run chaos`: kills, cuts and restarts in the middle of a big run, then reckons. See docs/delivery.md. */
import { Command } from 'commander';
import { openPool, openPrisma } from '../src/db/client.ts';
import { planMany } from '../test/deliver/support.ts';
import { startOwnPostgres } from './chaos/own-postgres.ts';
import { reckon } from './chaos/reckon.ts';
import { runChaos, type ChaosPlan } from './chaos/run-chaos.ts';

const number = (text: string) => Number(text);
const flags = new Command('chaos')
  .option('--mails <n>', 'mails planned', number, 20_000)
  .option('--workers <n>', 'worker processes', number, 3)
  .option('--connections <n>', 'SMTP connections of each', number, 5)
  .option('--kills <n>', 'kill -9 of a worker', number, 50)
  .option('--cuts <n>', 'cuts of the wire to the receiver', number, 2)
  .option('--restarts <n>', 'restarts of PostgreSQL', number, 2)
  .option('--seed <n>', 'replays the same blows and moods', number, Date.now() % 1_000_000)
  .parse()
  .opts<{
    mails: number;
    workers: number;
    connections: number;
    kills: number;
    cuts: number;
    restarts: number;
    seed: number;
  }>();

const say = (line: string) => process.stdout.write(`${line}\n`);
say(`seed ${flags.seed}   (npm run chaos -- --seed ${flags.seed} replays it)`);
const postgres = await startOwnPostgres();
const pool = openPool(postgres.url, 4, () => {});
const db = openPrisma(pool);
await planMany(db, flags.mails);
const plan: ChaosPlan = { ...flags, url: postgres.url, restart: () => postgres.restart(), say };
const startedMs = performance.now();
const run = await runChaos(plan);
const result = await reckon(db, plan, run);
say(`\n${flags.mails} mails, ${run.kills} kills, ${Math.round((performance.now() - startedMs) / 1000)} s`);
say(JSON.stringify(result, null, 2));
say(result.problems.length === 0 ? 'The ledger agrees with the receiver.' : `WRONG: ${result.problems.join('; ')}`);
await run.close();
await db.$disconnect();
await pool.end();
await postgres.stop();
process.exit(result.problems.length === 0 ? 0 : 1);
