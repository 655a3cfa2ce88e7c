import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCircuit } from '../../src/db/sending/circuit.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const OPERATOR = 'operator@example.org';
let one: TestSmtp;
let two: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  [one, two] = await Promise.all([startSmtp(), startSmtp()]);
});
afterEach(() => Promise.all([one.close(), two.close()]));

function open(settings: Record<string, string> = {}) {
  const all = { SMTP_URL: one.url, SEND_CONNECTIONS: '3', ADMIN_EMAIL: OPERATOR };
  return testContext(database, { ...all, ...settings }, { composer: () => Promise.resolve(plainComposer()) });
}

const circuits = async () =>
  (await database.db.sendingCircuit.findMany({ where: { openedAt: { not: null } } })).map(({ name }) => name).sort();
const alarms = () => database.db.delivery.findMany({ where: { kind: 'alarm' } });
const untilProbe = (name = '%') =>
  database.pool.query("UPDATE sending_circuits SET probe_at = '2000-01-01' WHERE name LIKE $1", [name]);
const allDue = () =>
  database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-02' WHERE state = 'retrying'");
const readers = () => [...one.mails, ...two.mails].map(({ to }) => to).filter((to) => to !== OPERATOR);
const both = () => `${one.url},${two.url}`;

/** Begins the run of another process, which has sent, and holds all places of the first server until it may go on. */
async function anotherProcess(): Promise<{ goOn: () => Promise<unknown> }> {
  one.mostConnections = 3;
  let free = () => {};
  const freed = new Promise<void>((resolve) => (free = resolve));
  one.onMail = () => (one.mails.length > 6 ? freed : undefined);
  const ended = runDeliver(await open());
  await until('the other sends', async () => (await database.db.attempt.count({ where: { outcome: 'sent' } })) > 0);
  return { goOn: () => (free(), ended) };
}

describe('a server without a place for another connection', () => {
  it('when another process holds all places, then what this one claimed waits, nothing is stopped and nobody is told', async () => {
    await planMany(database.db, 120);
    const other = await anotherProcess();
    expect(await runDeliver(await open())).toMatchObject({ sent: 0, failed: 0, bounced: 0 });
    expect(await circuits()).toEqual([]);
    const waiting = (await ledger(database.db)).filter(({ state }) => state === 'retrying');
    expect(waiting.length).toBeGreaterThan(0);
    for (const { last_reply } of waiting) expect(last_reply).toContain('Too many concurrent connections');
    await other.goOn();
    await allDue();
    await runDeliver(await open());
    expect(readers().sort()).toEqual([...new Set(readers())].sort());
    expect(readers()).toHaveLength(120);
    expect(await alarms()).toEqual([]);
  });

  it('when there is another server, then all goes through that one, and the full one is not left out', async () => {
    await planMany(database.db, 120);
    const other = await anotherProcess();
    expect((await runDeliver(await open({ SMTP_URL: both() }))).sent).toBeGreaterThan(0);
    await other.goOn();
    expect(two.mails.length).toBeGreaterThan(0);
    expect(readers()).toHaveLength(120);
    expect(await circuits()).toEqual([]);
    expect(await alarms()).toEqual([]);
  });

  it('when one says so only once a mail is given to it, then the next connection goes to the other', async () => {
    await planMany(database.db, 20);
    one.setMode('crowd');
    const ctx = await open({ SMTP_URL: both(), SEND_CONNECTIONS: '1' });
    expect(await runDeliver(ctx)).toMatchObject({ sent: 19, retrying: 1 });
    expect(await circuits()).toEqual([]);
  });

  it('when nobody sends and it lasts, then sending is paused and the operator hears why; what probes hear does not lengthen it', async () => {
    await planMany(database.db, 30);
    await asFixture(database.pool, "UPDATE deliveries SET created_at = '2026-01-05T11:59:00Z'");
    one.mostConnections = 0;
    const ctx = await open();
    await runDeliver(ctx);
    expect([await circuits(), await alarms()]).toEqual([[], []]);

    ctx.setNow('2026-01-05T12:05:00Z');
    await runDeliver(ctx);
    expect(await circuits()).toEqual(['mail']);
    expect(JSON.stringify((await alarms()).map(({ payload }) => payload))).toContain('Too many concurrent connections');

    for (const places of [0, Infinity]) {
      one.mostConnections = places;
      one.setMode('crowd');
      await untilProbe();
      await allDue();
      expect(await runDeliver(ctx)).toMatchObject({ sent: 0, bounced: 0 });
      expect(await database.db.sendingCircuit.findFirst()).toMatchObject({
        failures: 1,
        openedAt: expect.any(Date) as Date,
      });
    }
    one.setMode('ok');
    await untilProbe();
    await allDue();
    expect(await runDeliver(ctx)).toMatchObject({ sent: 31 });
    expect(await circuits()).toEqual([]);
  });

  it.each([1, 4])(
    'when %i mails alone wait and each hears it once it is given, and it lasts, then it is told as well',
    async (n) => {
      await planMany(database.db, n);
      await asFixture(database.pool, "UPDATE deliveries SET created_at = '2026-01-05T11:59:00Z'");
      one.setMode('crowd');
      const ctx = await open();
      await runDeliver(ctx);
      expect([await circuits(), await alarms()]).toEqual([[], []]);
      ctx.setNow('2026-01-05T12:05:00Z');
      await allDue();
      await runDeliver(ctx);
      expect([await circuits(), (await alarms()).length]).toEqual([['mail'], 1]);
    },
  );

  it('when all is stopped and one of two is full, then the next probe goes to the other', async () => {
    await planMany(database.db, 20);
    one.setMode('crowd');
    await openCircuit(database.db, 'nobody was there', 60);
    await openCircuit(database.db, 'nobody was there', 20, `relay:127.0.0.1:${two.port}`);
    const ctx = await open({ SMTP_URL: both() });
    for (let probes = 0; probes < 2; probes++) {
      await untilProbe('mail');
      await allDue();
      await runDeliver(ctx);
    }
    expect(new Set(readers()).size).toBe(20);
    expect(await circuits()).toEqual([`relay:127.0.0.1:${one.port}`]);
    expect(await database.db.sendingCircuit.findFirst({ where: { name: 'mail' } })).toMatchObject({ failures: 1 });
  });
});
