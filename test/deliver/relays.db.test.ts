import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { openCircuit } from '../../src/db/sending/circuit.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
let one: TestSmtp;
let two: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  [one, two] = await Promise.all([startSmtp(), startSmtp()]);
});
afterEach(() => Promise.all([one.close(), two.close()]));

function open(settings: Record<string, string> = {}) {
  const all = { SMTP_URL: `${one.url},${two.url}`, SEND_CONNECTIONS: '4', ADMIN_EMAIL: OPERATOR };
  return testContext(database, { ...all, ...settings }, { composer: () => Promise.resolve(plainComposer()) });
}

const nameOf = (smtp: TestSmtp) => `relay:127.0.0.1:${smtp.port}`;
const circuits = async () =>
  (await database.db.sendingCircuit.findMany({ where: { openedAt: { not: null } } })).map(({ name }) => name);
const alarms = () => database.db.delivery.findMany({ where: { kind: 'alarm' } });
const untilProbe = (name = '%') =>
  database.pool.query("UPDATE sending_circuits SET probe_at = '2000-01-01' WHERE name LIKE $1", [name]);
const allDue = () =>
  database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-02' WHERE state = 'retrying'");
const OPERATOR = 'operator@example.org';
/** Who got a mail, the operator aside: alarms leave by the server that works, in the same run. */
const readers = () => [...one.mails, ...two.mails].map(({ to }) => to).filter((to) => to !== OPERATOR);

describe('several mail servers', () => {
  it('when they have weights, then the connections are shared out by them and every mail goes once', async () => {
    await planMany(database.db, 200);
    const ctx = await open({ SMTP_URL: `${one.url}?weight=3,${two.url}`, SEND_CONNECTIONS: '8' });
    expect(await runDeliver(ctx)).toMatchObject({ sent: 200 });
    expect([one.connectionsSeen, two.connectionsSeen]).toEqual([6, 2]);
    expect(new Set(readers()).size).toBe(200);
    expect(readers()).toHaveLength(200);
  });

  it('when one cannot be reached, then all goes through the other, its circuit alone opens, and the operator is told once', async () => {
    await planMany(database.db, 60);
    await one.close();
    await runDeliver(await open());
    expect(readers()).toHaveLength(60);
    expect((await ledger(database.db)).filter(({ attempt }) => attempt > 1)).toEqual([]); // nobody waited for a retry
    expect(await circuits()).toEqual([nameOf(one)]);
    expect(await alarms()).toHaveLength(1);
    expect(JSON.stringify((await alarms())[0]?.payload)).toContain(`127.0.0.1:${one.port}`);

    one = await startSmtp({ port: one.port });
    await asFixture(database.pool, "UPDATE deliveries SET state = 'planned' WHERE kind = 'link'");
    expect((await runDeliver(await open())).sent).toBeGreaterThanOrEqual(60);
    expect(one.connectionsSeen).toBe(0); // another process leaves it out too
  });

  it('when it is back and its time has come, then one mail tries it, its circuit closes and it is used again', async () => {
    await planMany(database.db, 80);
    await one.close();
    smtpAfter(two, 5, async () => {
      one = await startSmtp({ port: one.port });
      await untilProbe();
    });
    const ctx = await open({ SEND_PER_CONNECTION: '5' });
    await runDeliver(ctx);
    expect(readers()).toHaveLength(80);
    expect(one.mails.length).toBeGreaterThan(0);
    expect(await circuits()).toEqual([]);
  });

  it('when one refuses everything, then it is left out after twenty, the rest goes through the other', async () => {
    await planMany(database.db, 150);
    one.setMode('5xx-data');
    const counts = await runDeliver(await open());
    expect(counts.bounced).toBeGreaterThanOrEqual(20);
    expect(counts.bounced).toBeLessThanOrEqual(24);
    expect(readers()).toHaveLength(150 - counts.bounced);
    expect(await circuits()).toEqual([nameOf(one)]);
  });

  it('when its probe is refused, then it stays left out and no mail is spent on it', async () => {
    await planMany(database.db, 150);
    one.setMode('5xx-data');
    const { bounced } = await runDeliver(await open());
    await untilProbe();
    await asFixture(
      database.pool,
      "UPDATE deliveries SET state = 'planned', finished_at = NULL, sent_at = NULL WHERE state = 'sent' AND kind = 'link'",
    );
    expect(await runDeliver(await open())).toMatchObject({ bounced: 0 });
    expect(bounced).toBeGreaterThan(0);
    expect(await circuits()).toEqual([nameOf(one)]);
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ failures: 2 });
  });

  it('when a wrong password is refused at one, then all goes through the other', async () => {
    await one.close();
    one = await startSmtp({ mode: 'auth-fails', port: one.port });
    await planMany(database.db, 20);
    expect(await runDeliver(await open())).toMatchObject({ bounced: 0, failed: 0, retrying: 0 });
    expect(readers()).toHaveLength(20);
    expect(await circuits()).toEqual([nameOf(one)]);
  });

  it('when all are gone, then the circuit of all mail opens, nothing is lost, and a probe resumes everything', async () => {
    await planMany(database.db, 30);
    await Promise.all([one.close(), two.close()]);
    const ctx = await open();
    await runDeliver(ctx);
    expect((await circuits()).sort()).toEqual(['mail', nameOf(one), nameOf(two)].sort());
    const { planned, retrying, sending } = await countByState(database.db);
    expect(planned + retrying).toBe(30 + (await alarms()).length);
    expect(sending).toBe(0);
    two = await startSmtp({ port: two.port });
    await untilProbe();
    await allDue();
    const counts = await runDeliver(ctx);
    expect(counts.sent).toBe(30 + (await alarms()).length);
    expect(await circuits()).toEqual([nameOf(one)]);
  });

  it('when one refuses every mail and the other was away for a moment, then a probe comes to the other and all goes on', async () => {
    await planMany(database.db, 30);
    one.setMode('5xx-mail');
    await two.close();
    const ctx = await open({ SMTP_URL: `${one.url}?weight=3,${two.url}` });
    await runDeliver(ctx);
    expect((await circuits()).sort()).toEqual(['mail', nameOf(two)].sort());
    two = await startSmtp({ port: two.port });
    for (let probes = 0; probes < 2; probes++) {
      await untilProbe('mail');
      await allDue();
      await runDeliver(ctx);
    }
    expect(new Set(readers()).size).toBe(30);
    expect(await circuits()).toEqual([nameOf(one)]);
  });

  it('when all is stopped, then the probe goes to a server that is well, whatever the others weigh', async () => {
    await planMany(database.db, 30);
    one.setMode('5xx-mail');
    await openCircuit(database.db, 'refused', 60, nameOf(one));
    await openCircuit(database.db, 'nobody was there', 60);
    await untilProbe('mail');
    const ctx = await open({ SMTP_URL: `${one.url}?weight=9,${two.url}` });
    expect(await runDeliver(ctx)).toMatchObject({ sent: 30 });
    expect(one.connectionsSeen).toBe(0);
    expect(await circuits()).toEqual([nameOf(one)]);
  });

  it('when a mail is in doubt at one, then it is not sent through the other', async () => {
    await planMany(database.db, 10);
    one.modeFor = () => 'drop-after-dot';
    const counts = await runDeliver(await open({ SEND_CONNECTIONS: '2' }));
    expect(counts.uncertain).toBeGreaterThan(0);
    expect(counts.sent + counts.uncertain).toBe(10);
    expect(readers()).toHaveLength(10);
    await runDeliver(await open());
    expect(new Set(readers()).size).toBe(readers().length);
  });
});

describe('mails per connection', () => {
  it('when a connection has carried as many as it may, then it says QUIT and another one is opened', async () => {
    await planMany(database.db, 20);
    const ctx = await open({ SMTP_URL: one.url, SEND_CONNECTIONS: '1', SEND_PER_CONNECTION: '6' });
    expect(await runDeliver(ctx)).toMatchObject({ sent: 20 });
    expect(one.connectionsSeen).toBe(4);
    expect(one.quits).toBe(4);
  });

  it('when its last mail was the last of all, then no connection is opened for nothing', async () => {
    await planMany(database.db, 12);
    const ctx = await open({ SMTP_URL: one.url, SEND_CONNECTIONS: '1', SEND_PER_CONNECTION: '6' });
    await runDeliver(ctx);
    expect(one.connectionsSeen).toBe(2);
  });
});

/** Does something once after so many mails. */
function smtpAfter(smtp: TestSmtp, mails: number, act: () => Promise<void>): void {
  smtp.onMail = async () => {
    if (smtp.mails.length < mails) return;
    smtp.onMail = null;
    await act();
  };
}
