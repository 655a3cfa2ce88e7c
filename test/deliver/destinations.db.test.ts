import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { releaseShares, shareDestinations } from '../../src/db/sending/shares.ts';
import { strikeDomain } from '../../src/db/sending/paces.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const BIG = 'bench.example';
let smtp: TestSmtp;
/** Most mails in DATA at the same time, by destination. */
let most: Map<string, number>;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp({ slowMs: 30 });
  smtp.setMode('slow-data');
  most = new Map();
  const now = new Map<string, number>();
  smtp.onData = (to, change) => {
    const domain = to.slice(to.indexOf('@') + 1);
    now.set(domain, (now.get(domain) ?? 0) + change);
    most.set(domain, Math.max(most.get(domain) ?? 0, now.get(domain) ?? 0));
  };
});
afterEach(() => smtp.close());

/** A context whose clock goes on, so that what was set aside comes again. */
async function open(settings: Record<string, string> = {}): Promise<TestContext> {
  const ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '8', DOMAIN_CONNECTIONS: '2', ...settings },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  const [beganMs, startedMs] = [ctx.now().getTime(), performance.now()];
  return { ...ctx, now: () => new Date(beganMs + performance.now() - startedMs) };
}

const shares = (worker: string, inFlight: number, limit = 6, leaseSeconds = 60) =>
  shareDestinations(database.db, { worker, leaseSeconds, inFlight: new Map([[BIG, inFlight]]) }, limit).then((found) =>
    found.get(BIG),
  );

describe('mails in flight to one destination', () => {
  it('when there are few places, then no more are in flight, others are not held up, and all of it goes in one run', async () => {
    await seed(database.pool, 120);
    await database.pool.query("UPDATE subscribers SET email = replace(email, 'bench', 'other') WHERE id % 2 = 0");
    await planAll(database.pool);
    const counts = await runDeliver(await open());
    expect(counts).toMatchObject({ sent: 120 });
    expect(most.get(BIG)).toBe(2);
    expect(most.get('other.example')).toBe(2);
    expect(await database.db.sendingShare.count()).toBe(0);
  }, 30_000);

  it('when two workers run at once, then together they keep to it, and both get mails out', async () => {
    await seed(database.pool, 80);
    await planAll(database.pool);
    const runs = await Promise.all([runDeliver(await open()), runDeliver(await open())]);
    expect(runs[0].sent + runs[1].sent).toBe(80);
    expect(most.get(BIG)).toBe(2);
  }, 30_000);

  it('when a link is asked for, then it does not wait for a place', async () => {
    await planMany(database.db, 20);
    await runDeliver(await open({ DOMAIN_CONNECTIONS: '1' }));
    expect(smtp.mostAtOnce).toBeGreaterThan(1);
  });

  it('when it is unset, then nothing is asked and nothing is kept', async () => {
    await seed(database.pool, 10);
    await planAll(database.pool);
    await runDeliver(await open({ DOMAIN_CONNECTIONS: '' }));
    expect(await database.db.sendingShare.count()).toBe(0);
    expect(await countByState(database.db)).toMatchObject({ sent: 10 });
  });
});

describe('sharing a destination', () => {
  it('when a second worker comes, then the first lets go as its mails end, and never are there more places than allowed', async () => {
    expect(await shares('a', 0)).toBe(6);
    expect(await shares('b', 0)).toBe(0); // all taken
    expect(await shares('a', 5)).toBe(5); // it lets go of what is free
    expect(await shares('b', 0)).toBe(1);
    expect(await shares('a', 0)).toBe(3);
    expect(await shares('b', 1)).toBe(3);
    await releaseShares(database.db, 'a');
    expect(await shares('b', 1)).toBe(6);
  });

  it('when a worker dies, then its places are free after its lease, without anybody tidying up', async () => {
    await shares('dead', 6, 6, 1);
    expect(await shares('b', 0)).toBe(0);
    await database.pool.query("UPDATE sending_shares SET until = clock_timestamp() WHERE worker = 'dead'");
    expect(await shares('b', 0)).toBe(6);
  });

  it('when many ask at once, then no place is given twice', async () => {
    const given = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((worker) => shares(worker, 0)));
    const { rows } = await database.pool.query<{ sum: string }>('SELECT sum(places) FROM sending_shares');
    expect(Number(rows[0]?.sum)).toBe(6);
    expect(given.some((places) => places === 6)).toBe(true);
  });

  it('when the destination asks us to slow down, then its places are halved, and come back one a minute', async () => {
    await strikeDomain(database.db, BIG);
    expect(await shares('a', 0, 8)).toBe(4);
    const ago = (minutes: number) =>
      database.pool.query(
        `UPDATE sending_paces SET struck_at = clock_timestamp() - interval '${minutes} minutes', free_at = clock_timestamp()`,
      );
    await ago(2);
    expect(await shares('a', 0, 8)).toBe(6);
    await ago(30);
    expect(await shares('a', 0, 8)).toBe(8);
    for (const minutes of [1, 2, 4]) {
      await ago(minutes);
      await strikeDomain(database.db, BIG);
    }
    expect(await shares('a', 0, 8)).toBe(1); // never less than one
  });
});
