import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginOutage, openOutages, outageGoesOn } from '../../src/db/feedback/outages.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { giveBack } from '../../src/deliver/claiming/claims.ts';
import { throttle } from '../../src/deliver/claiming/throttle.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { beginRun, noCounts } from '../../src/deliver/sending/sending-run.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { plainComposer } from '../world/composers.ts';
import { makeReadersAt } from '../world/destinations.ts';
import { makeDigest, type MadePaper } from '../world/digests.ts';
import { clearLedger } from '../world/ledger.ts';

const database = testDatabase();
const NOON = Date.parse('2026-01-05T12:00:00Z');
const DESTINATION = 'big.example';
let smtp: TestSmtp;
let paper: MadePaper | undefined;

beforeAll(async () => {
  [paper] = await makeDigest(database.db, '2026-01-05', ['A paper'], new Date('2026-01-05T00:00:00Z'));
});
beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

const past = (minutes: number) => new Date(NOON + minutes * 60_000);

function open(settings: Record<string, string> = {}): Promise<TestContext> {
  return testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '2', ADMIN_EMAIL: 'operator@elsewhere.example', ...settings },
    { composer: () => Promise.resolve(plainComposer()) },
  );
}

/** An outage since noon, with so many newsletters of proven readers that wait; its first probe is at 13:00. */
async function beginAtNoon(count: number, byReport: boolean): Promise<void> {
  const tookAt = past(-3 * 24 * 60);
  await makeReadersAt(database, { domain: DESTINATION, count, proven: count, tookAt, edition: 'daily', paper });
  const outage = { destination: DESTINATION, beganAt: past(0), refusedAt: past(0), probeAt: past(60), byReport };
  await beginOutage(database.db, { ...outage, reply: '550 5.1.1 unknown' });
}

/** Sends what is due so many minutes past noon; whether the run had to be ended, since it did not end by itself. */
async function at(ctx: TestContext, minutes: number): Promise<{ endless: boolean }> {
  ctx.setNow(past(minutes));
  const signal = AbortSignal.timeout(PATIENCE_MS / 2);
  await runDeliver(ctx, { signal });
  return { endless: signal.aborted };
}

/** Claims what is due at 13:01 and sets aside what may not go, and leaves it there. */
async function claimAsOf(ctx: TestContext, worker: string) {
  ctx.setNow(past(61));
  const run = beginRun(ctx, worker, { probe: false, counts: noCounts() });
  const { claimed } = await claimDeliveries(database.db, { worker, limit: 50, now: past(61), leaseSeconds: 60 });
  return { run, going: await throttle(run, claimed) };
}

const got = () => smtp.mails.filter(({ to }) => to.endsWith(`@${DESTINATION}`)).length;
const isOpen = async () => (await openOutages(database.db, [DESTINATION])).length === 1;
const toldOfEnd = () => database.db.delivery.count({ where: { kind: 'alarm', key: { startsWith: 'refusals-over:' } } });
const clockOfPaces = () => database.pool.query("UPDATE sending_paces SET free_at = free_at - interval '1 hour'");

describe('a mail that is to find out how a destination fares', () => {
  it.each<[string, Record<string, string>, number]>([
    ['quiet hours', { QUIET_HOURS: '13-18' }, 6 * 60],
    ['the day of a warm-up', { WARM_UP: '1' }, 12 * 60 + 1],
    ['the rate of the destination', { DOMAIN_RATE_PER_MINUTE: '10' }, 62],
  ])(
    'when %s set it aside, then the run ends, and the first mail that may go finds out',
    async (_what, settings, then) => {
      await beginAtNoon(30, false);
      await database.pool.query("UPDATE deliveries SET late_at = '2026-01-06T20:00:00Z' WHERE key = 'daily'");
      await database.pool.query(
        "INSERT INTO sending_paces (name, free_at) VALUES ($1, clock_timestamp() + interval '20 seconds')",
        [`domain:${DESTINATION}`],
      );
      await database.pool.query(`INSERT INTO attempts (delivery_id, attempt, worker, outcome, at)
      SELECT id, 0, 'w', 'sent', '2026-01-05T08:00:00Z' FROM deliveries WHERE key = 'old' LIMIT 1`);
      const ctx = await open(settings);
      expect(await at(ctx, 61)).toEqual({ endless: false });
      expect([got(), await isOpen()]).toEqual([0, true]);
      await clockOfPaces();
      expect(await at(ctx, then)).toEqual({ endless: false });
      expect(got()).toBeGreaterThan(0);
    },
  );

  it('when some readers sleep, then one who is awake finds out', async () => {
    await beginAtNoon(30, false);
    await database.pool.query("UPDATE subscribers SET time_zone = 'Asia/Tokyo' WHERE email LIKE 'reader2_@%'");
    smtp.modeFor = (to) => (to.endsWith(`@${DESTINATION}`) ? '5xx-rcpt' : 'ok');
    await at(await open({ QUIET_HOURS: '13-18' }), 61);
    expect(smtp.failures).toHaveLength(1);
  });

  it('when one who is awake at night gets it, then it is not over: those who sleep still wait for it', async () => {
    await beginAtNoon(30, false);
    await database.pool.query(`UPDATE subscribers SET time_zone = 'Asia/Tokyo'
      WHERE id = (SELECT min(subscriber_id) FROM deliveries WHERE key = 'daily')`);
    const ctx = await open({ QUIET_HOURS: '13-18' });
    expect(await at(ctx, 61)).toEqual({ endless: false });
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([1, true, 0]);
    expect(await at(ctx, 6 * 60 + 1)).toEqual({ endless: false });
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([30, false, 1]);
  });

  it('when a run ends before it went, then the next run finds out', async () => {
    await beginAtNoon(30, false);
    const ctx = await open();
    const { run, going } = await claimAsOf(ctx, 'ends');
    expect(going).toHaveLength(1);
    await giveBack(run, null);
    expect((await claimAsOf(ctx, 'next')).going).toHaveLength(1);
  });
});

describe('an outage that reports told of', () => {
  it('when its probe never went, then it goes on; when one went and no report came within an hour, then it is over', async () => {
    await beginAtNoon(30, true);
    const ctx = await open();
    expect((await claimAsOf(ctx, 'dies')).going).toHaveLength(1);
    await database.pool.query("UPDATE deliveries SET lease_until = '2000-01-01' WHERE claimed_by = 'dies'");

    await at(ctx, 122);
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([1, true, 0]);
    await at(ctx, 170);
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([1, true, 0]);
    await at(ctx, 183);
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([30, false, 1]);
  });

  it('when a report says that its probe was refused, then it goes on and the next one finds out', async () => {
    await beginAtNoon(5, true);
    const ctx = await open();
    await at(ctx, 61);
    await outageGoesOn(database.db, [DESTINATION], past(70), past(130));
    await at(ctx, 131);
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([2, true, 0]);
    await at(ctx, 192);
    expect([got(), await isOpen(), await toldOfEnd()]).toEqual([5, false, 1]);
  });
});
