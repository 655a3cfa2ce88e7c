import { afterEach, expect, test } from 'vitest';
import { hasStandby, startPostgresPair } from '../../bench/chaos/pair.ts';
import { reckon } from '../../bench/chaos/reckon.ts';
import { runChaos, type ChaosPlan } from '../../bench/chaos/run-chaos.ts';
import { openPool, openPrisma, type Db } from '../../src/db/client.ts';
import { lookAtReplica } from '../../src/db/replica.ts';
import { testDatabase } from '../support/database.ts';
import { hasBouncer, startBouncer } from '../support/pgbouncer.ts';
import { until } from '../support/until.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const MAILS = 2_000;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function opened(url: string): Db {
  const pool = openPool(url, 4, () => {});
  const db = openPrisma(pool);
  open.push(
    () => pool.end(),
    () => db.$disconnect(),
  );
  return db;
}

/** Plans the mails, lets three workers send them under twelve kills, and reckons. */
async function chaos(db: Db, plan: Pick<ChaosPlan, 'url' | 'restart' | 'restarts'>): Promise<void> {
  const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
  process.stderr.write(`chaos seed ${seed} (CHAOS_SEED=${seed} replays it)\n`);
  await planMany(db, MAILS);
  const whole: ChaosPlan = { ...plan, seed, workers: 3, connections: 4, kills: 12, cuts: 1, mails: MAILS };
  const run = await runChaos(whole);
  open.push(() => run.close());
  const result = await reckon(db, whole, run);
  expect(result.problems).toEqual([]);
  expect(run.kills).toBe(12);
  expect(result.counts.sent).toBeGreaterThan(0.8 * MAILS);
}

test.runIf(hasBouncer())(
  'when workers behind a pooler are killed twelve times, then nothing is lost or sent twice, and each new one starts',
  { timeout: 1_800_000 },
  async () => {
    const bouncer = await startBouncer(database.url);
    open.push(() => bouncer.stop());
    await chaos(database.db, { url: bouncer.url });
  },
);

test.runIf(hasStandby())(
  'when the server dies in the middle of a run and its standby is promoted, then nothing is lost or sent twice',
  { timeout: 1_800_000 },
  async () => {
    const pair = await startPostgresPair();
    open.push(() => pair.stop());
    await chaos(opened(pair.url), { url: pair.url, restart: () => pair.restart(), restarts: 1 });
  },
);

test.runIf(hasStandby())(
  'when a standby replays no more, then it is behind; and well again once it follows',
  { timeout: 600_000 },
  async () => {
    const pair = await startPostgresPair();
    open.push(() => pair.stop());
    const [db, standby] = [opened(pair.primaryUrl), opened(pair.readUrl)];
    expect(await lookAtReplica(db, standby)).toEqual({ state: 'well' });
    await standby.$executeRaw`SELECT pg_wal_replay_pause()`;
    await db.edition.create({ data: { key: 'daily:2026-01-05', createdAt: new Date() } });
    expect(await lookAtReplica(db, standby)).toEqual({ state: 'behind' });
    await standby.$executeRaw`SELECT pg_wal_replay_resume()`;
    await until('it follows', async () => (await lookAtReplica(db, standby)).state === 'well');
    expect(await standby.edition.count()).toBe(1);
  },
);
