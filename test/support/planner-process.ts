/**
 * A planner or a worker of its own process, for tests that start several at once: says it is ready, waits for a line,
 * then works.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { plainComposer } from '../world/composers.ts';
import { testContext } from './context.ts';

const [role = '', url = '', smtpUrl = '', now = ''] = process.argv.slice(2);
const pool = openPool(url, 8, () => {});
const db = openPrisma(pool);
const ctx = await testContext(
  { url, pool, db },
  { SMTP_URL: smtpUrl, SEND_CONNECTIONS: '3' },
  { composer: () => Promise.resolve(plainComposer()) },
);
ctx.setNow(now);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
let ended = false;
process.stdin.once('end', () => (ended = true)); // no planner is left
let done = 0;
if (role === 'plan') done = (await runPlan(ctx, { batch: 25 })).newsletters;
else {
  for (let last = false; !last;) {
    last = ended; // one more run after the planners are done
    done += (await runDeliver(ctx)).sent;
    await sleep(5);
  }
}
process.stdout.write(`${done}\n`);
await db.$disconnect();
await pool.end();
process.exit(0);
