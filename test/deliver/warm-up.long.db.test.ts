import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { listEditions } from '../../src/db/newsletters/editions.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMail } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  await seed(database.pool, 60);
  await planAll(database.pool);
});
afterEach(() => smtp.close());

async function open(settings: Record<string, string>, at = '2026-01-05T12:00:00Z'): Promise<TestContext> {
  const ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '4', ...settings },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  ctx.setNow(at);
  return ctx;
}
const waitingRows = () =>
  database.db.delivery.findMany({
    where: { state: { in: ['planned', 'retrying'] } },
    select: { nextAttemptAt: true, lastReply: true, _count: { select: { attempts: true } } },
  });

describe('warming up', () => {
  it('when the days go on, then each has its number, every day (UTC) once, and after the last step all may go', async () => {
    const sent: number[] = [];
    for (const at of ['05T12', '05T20', '06T00', '09T09', '10T09']) {
      sent.push((await runDeliver(await open({ WARM_UP: '5,10,20' }, `2026-01-${at}:00:00Z`))).sent);
    }
    expect(sent).toEqual([5, 0, 10, 20, 25]); // days without newsletters are no days of sending
  });

  it('when a day is full, then the rest waits for the next one with the reason, and no try is counted', async () => {
    await runDeliver(await open({ WARM_UP: '5,10' }));
    await runDeliver(await open({ WARM_UP: '5,10' }, '2026-01-05T12:00:10Z')); // for what waited for the places in hand
    const rows = await waitingRows();
    expect(rows).toHaveLength(55);
    for (const { nextAttemptAt, lastReply, _count } of rows) {
      expect(nextAttemptAt.toISOString()).toBe('2026-01-06T00:00:00.000Z');
      expect(lastReply).toBe('waits: warm-up (5 mails on day 1)');
      expect(_count.attempts).toBe(0);
    }
  });

  it('when part of an edition waits, then the list of editions says how much of it and why', async () => {
    const ctx = await open({ WARM_UP: '5' });
    await runDeliver(ctx);
    expect((await listEditions(ctx.db, { limit: 5 })).rows).toMatchObject([
      { key: 'daily:2026-01-05', counts: { sent: 5, retrying: 55 }, waits: '55: warm-up (5 mails on day 1)' },
    ]);
  });

  it('when links are sent, then they go however full the day is, and count', async () => {
    const link = async (email: string) =>
      planMail(database.db, {
        subscriberId: (await makeReader(database.db, JOINED, { email })).id,
        email,
        priority: 0,
      });
    for (const email of ['a@x.example', 'b@x.example']) await link(email);
    expect(await runDeliver(await open({ WARM_UP: '5' }))).toMatchObject({ sent: 5 });
    expect(smtp.mails.filter(({ to }) => to.endsWith('@bench.example'))).toHaveLength(3);
    await link('c@x.example');
    expect(await runDeliver(await open({ WARM_UP: '5' }))).toMatchObject({ sent: 1 });
  });

  it('when workers run at once, then together they keep to it and use it up', async () => {
    const settings = { WARM_UP: '25', SEND_CONNECTIONS: '2' };
    const runs = await Promise.all(
      [open(settings), open(settings), open(settings)].map(async (c) => runDeliver(await c)),
    );
    let sent = runs.reduce((sum, run) => sum + run.sent, 0);
    expect(sent).toBeLessThanOrEqual(25);
    // What waited for the places others held comes again in a few seconds.
    sent += (await runDeliver(await open(settings, '2026-01-05T12:01:00Z'))).sent;
    expect(sent).toBe(25);
    expect(smtp.mails).toHaveLength(25);
  });

  it('when a worker dies with a day in its hands, then its places are not lost', async () => {
    const by = { worker: 'dead', limit: 20, now: new Date('2026-01-05T12:00:00Z'), leaseSeconds: 60 };
    await claimDeliveries(database.db, by);
    expect(await runDeliver(await open({ WARM_UP: '25' }))).toMatchObject({ sent: 5 });
    await database.pool.query("UPDATE deliveries SET lease_until = clock_timestamp() WHERE claimed_by = 'dead'");
    expect(await runDeliver(await open({ WARM_UP: '25' }, '2026-01-05T12:01:00Z'))).toMatchObject({ sent: 20 });
  });

  it('when a try fails, then it counts too: the server has seen it', async () => {
    smtp.setMode('full');
    expect(await runDeliver(await open({ WARM_UP: '5,10' }))).toMatchObject({ sent: 0, retrying: 5 });
    smtp.setMode('ok');
    expect(await runDeliver(await open({ WARM_UP: '5,10' }, '2026-01-05T13:00:00Z'))).toMatchObject({ sent: 0 });
    expect(await runDeliver(await open({ WARM_UP: '5,10' }, '2026-01-06T13:00:00Z'))).toMatchObject({ sent: 10 });
  });
});

describe('quiet hours', () => {
  const settings = { QUIET_HOURS: '22-7' };

  it('when it is night with a reader, then newsletters wait with the reason until the morning there, and others go', async () => {
    await database.pool.query("UPDATE subscribers SET time_zone = 'Asia/Tokyo' WHERE id <= 20");
    const email = 'a@x.example';
    const subscriberId = (await makeReader(database.db, JOINED, { email })).id;
    await database.pool.query("UPDATE subscribers SET time_zone = 'Asia/Tokyo' WHERE email = 'a@x.example'");
    await planMail(database.db, { subscriberId, email, priority: 0 });
    // 0:30 in Tokyo.
    expect(await runDeliver(await open(settings, '2026-01-05T15:30:00Z'))).toMatchObject({ sent: 40 + 1 });
    const rows = await waitingRows();
    expect(rows).toHaveLength(20);
    for (const { nextAttemptAt, lastReply } of rows) {
      expect(nextAttemptAt.toISOString()).toBe('2026-01-05T22:00:00.000Z');
      expect(lastReply).toBe('waits: quiet hours of the reader, until 7:00');
    }
    expect(await runDeliver(await open(settings, '2026-01-05T22:00:00Z'))).toMatchObject({ sent: 20 });
  });

  it('when the reader chose an hour of the night, then it goes in that hour, a second try waits for the morning', async () => {
    await database.pool.query("UPDATE newsletters SET slot_at = '2026-01-05T23:00:00Z'");
    smtp.modeFor = (to) => (to.startsWith('reader1@') ? 'full' : null);
    expect(await runDeliver(await open(settings, '2026-01-05T23:10:00Z'))).toMatchObject({ sent: 59, retrying: 1 });
    smtp.modeFor = null;
    expect(await runDeliver(await open(settings, '2026-01-06T00:10:00Z'))).toMatchObject({ sent: 0 });
    expect(await runDeliver(await open(settings, '2026-01-06T07:00:00Z'))).toMatchObject({ sent: 1 });
  });
});
