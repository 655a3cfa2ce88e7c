import { readdir, readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelDeliveries, countByState } from '../../src/db/ledger/deliveries.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

function open(settings: Record<string, string> = {}, composer = plainComposer()) {
  return testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '4', ...settings },
    { composer: () => Promise.resolve(composer) },
  );
}

const recipients = () => smtp.mails.map(({ to }) => to);

describe('a run', () => {
  it('when many mails are due, then each goes out once over the connections there are, and the ledger agrees', async () => {
    await planMany(database.db, 200);
    const progress: number[] = [];
    const counts = await runDeliver(await open(), { progress: (done, total) => progress.push(done / (total ?? 0)) });
    expect(counts).toMatchObject({ sent: 200, planned: 0, sending: 0 });
    expect(new Set(recipients()).size).toBe(200);
    expect(recipients()).toHaveLength(200);
    expect(smtp.connectionsSeen).toBe(4);
    expect(await countByState(database.db)).toMatchObject({ sent: 200, sending: 0 });
    expect(progress.at(-1)).toBe(1);
    const rows = await ledger(database.db);
    expect(
      rows.every(
        (row) => row.sent_at && row.tries === 1 && smtp.mails.some((mail) => mail.messageId === row.message_id),
      ),
    ).toBe(true);
  });

  it('when nothing is due, then no connection is opened', async () => {
    expect(await runDeliver(await open())).toMatchObject({ sent: 0 });
    expect(smtp.connectionsSeen).toBe(0);
  });

  it('when two workers run at once, then nobody gets two mails and both work', async () => {
    await planMany(database.db, 300);
    const [one, two] = await Promise.all([runDeliver(await open()), runDeliver(await open())]);
    expect(one.sent + two.sent).toBe(300);
    expect(Math.min(one.sent, two.sent)).toBeGreaterThan(0);
    expect(new Set(recipients()).size).toBe(300);
    expect(recipients()).toHaveLength(300);
  });

  it('when mails are planned while it runs, then confirmations overtake what waits', async () => {
    await planMany(database.db, 120);
    const late = (await makeReader(database.db, JOINED, { email: 'late@example.org' })).id;
    smtp.onMail = async () => {
      smtp.onMail = null;
      await planMail(database.db, { subscriberId: late, email: 'late@example.org', priority: 0 });
    };
    const ctx = await open({ SEND_CONNECTIONS: '1' });
    await runDeliver(ctx);
    expect(recipients().indexOf('late@example.org')).toBeLessThan(60);
  });

  it('when one mail cannot be composed, then it fails alone and says why', async () => {
    await planMany(database.db, 5);
    const broken = plainComposer({
      notice: (input) => {
        if (input.email === 'reader3@example.org') throw new Error('no such template');
        return plainComposer().notice(input);
      },
    });
    expect(await runDeliver(await open({}, broken))).toMatchObject({ sent: 4, failed: 1 });
    const row = (await ledger(database.db)).find(({ state }) => state === 'failed');
    expect(row).toMatchObject({
      email: 'reader3@example.org',
      last_reply: 'it could not be composed: no such template',
      handed_at: null,
    });
  });

  it('when one after the other cannot be composed, then that is our trouble: sending stops and the rest is kept', async () => {
    await planMany(database.db, 100);
    const broken = plainComposer({
      notice: () => {
        throw new Error('no such template');
      },
    });
    const ctx = await open({ ADMIN_EMAIL: 'operator@example.org' }, broken);
    const { failed } = await runDeliver(ctx);
    expect(failed).toBe(20);
    const { planned, retrying } = await countByState(database.db);
    expect(planned + retrying).toBe(81); // with the alarm
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ failures: 1 });
    const kept = (await ledger(database.db)).find(({ state }) => state === 'retrying');
    expect(kept?.last_reply).toMatch(/^20 mails in a row, .*no such template/);
    await database.pool.query("UPDATE sending_circuits SET probe_at = '2000-01-01'");
    await database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-02' WHERE state = 'retrying'");
    expect(await runDeliver(await open())).toMatchObject({ sent: 81 });
  });

  it('when no mail can be signed, then that is our trouble at once: sending stops and every mail is kept', async () => {
    await planMany(database.db, 100);
    const unsigned = plainComposer({
      sign: () => Promise.reject(new AppError('unavailable', 'mails cannot be signed')),
    });
    const counts = await runDeliver(await open({ ADMIN_EMAIL: 'operator@example.org' }, unsigned));
    expect(counts).toMatchObject({ sent: 0, failed: 0 });
    const { planned, retrying } = await countByState(database.db);
    expect(planned + retrying).toBe(101); // with the alarm
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ problem: 'mails cannot be signed' });
    await database.pool.query("UPDATE sending_circuits SET probe_at = '2000-01-01'");
    await database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-02' WHERE state = 'retrying'");
    expect(await runDeliver(await open())).toMatchObject({ sent: 101 });
  });

  it('when a mail would be empty, then it is not sent', async () => {
    await planMany(database.db, 1);
    const empty = plainComposer({ sign: (mail) => Promise.resolve({ ...mail, raw: Buffer.alloc(0) }) });
    expect(await runDeliver(await open({}, empty))).toMatchObject({ sent: 0, failed: 1 });
    expect(smtp.mails).toHaveLength(0);
  });

  it('when the newsletter of a delivery cannot be loaded, then that one fails and the others go', async () => {
    await planMany(database.db, 3);
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, {
      kind: 'newsletter',
      edition: 'daily:2026-01-05',
      subscriberId,
      email: 'ada@example.org',
    });
    expect(await runDeliver(await open())).toMatchObject({ sent: 3, failed: 1 });
    expect((await ledger(database.db)).at(-1)).toMatchObject({ state: 'failed', email: 'ada@example.org' });
    expect((await ledger(database.db)).at(-1)?.last_reply).toMatch(/^it could not be loaded: /);
  });

  it('when one answer does not come, then what is planned meanwhile goes out over the other connections', async () => {
    await planMany(database.db, 2);
    smtp.modeFor = (to) => (to === 'reader1@example.org' ? 'hang' : null);
    const run = runDeliver(await open({ SMTP_TIMEOUT_SECONDS: '15', SEND_CONNECTIONS: '2' }));
    await until('one went', () => smtp.mails.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the other connection has asked and found nothing
    const late = (await makeReader(database.db, JOINED, { email: 'late@example.org' })).id;
    await planMail(database.db, { subscriberId: late, email: 'late@example.org', priority: 0 });
    await until('the late one went', () => recipients().includes('late@example.org'));
    await until('one is still without an answer', async () => (await countByState(database.db)).sending === 1);
    await smtp.close(); // the answer never comes
    expect(await run).toMatchObject({ sent: 2, uncertain: 1 });
  });

  it('when a rate is set, then mails keep their distance', async () => {
    await planMany(database.db, 6);
    const started = performance.now();
    await runDeliver(await open({ SEND_RATE_PER_SECOND: '20' }));
    expect(performance.now() - started).toBeGreaterThanOrEqual(245); // five gaps of 50 ms
    expect(smtp.mails).toHaveLength(6);
  });
});

describe('at most one mail per connection is in doubt', () => {
  it('when the ledger is read at any moment, then no more mails are handed over and unanswered than there are connections', async () => {
    await planMany(database.db, 150);
    let most = 0;
    smtp.onMail = async (mail) => {
      const rows = await ledger(database.db);
      most = Math.max(most, rows.filter(({ state, handed_at }) => state === 'sending' && handed_at).length);
      const own = rows.find(({ message_id }) => message_id === mail.messageId);
      expect(own?.handed_at).not.toBeNull(); // committed before its DATA
    };
    await runDeliver(await open());
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('what changes while a run goes on', () => {
  it('when a reader leaves after the claim, then the mail is not sent', async () => {
    await planMany(database.db, 60);
    const last = await database.db.subscriber.findUniqueOrThrow({ where: { email: 'reader60@example.org' } });
    smtp.onMail = async () => {
      smtp.onMail = null;
      await database.db.subscriber.update({
        where: { id: last.id },
        data: { status: 'unsubscribed', nextDueAt: null },
      });
      await cancelDeliveries(database.db, last.id, 'unsubscribed', new Date('2026-01-05T12:00:00Z'));
    };
    const counts = await runDeliver(await open({ SEND_CONNECTIONS: '1' }));
    expect(recipients()).not.toContain('reader60@example.org');
    expect(counts.sent).toBe(59);
    expect((await ledger(database.db)).at(-1)?.state).toBe('cancelled');
  });

  it('when somebody is suppressed while their mail waits for a second connection, then it is not sent, and the journal knows', async () => {
    await planMany(database.db, 1);
    let done = () => {};
    const suppressed = new Promise<void>((resolve) => (done = resolve));
    const suppress = () =>
      database.db
        .$executeRaw`INSERT INTO suppressions (address_hash, reason, at) SELECT address_hash, 'manual', '2026-01-05' FROM subscribers`;
    smtp.modeFor = () => {
      smtp.modeFor = null;
      void suppress().then(done);
      return 'drop-at-rcpt';
    };
    let sessions = 0;
    const before = createServer((near) => {
      const greeted = sessions++ === 0 ? Promise.resolve() : suppressed;
      near.on('error', () => {});
      void greeted.then(() => {
        const far = connect(smtp.port, '127.0.0.1');
        far.on('error', () => {}).on('close', () => near.destroy());
        near.pipe(far).pipe(near);
      });
    });
    await new Promise<void>((resolve) => before.listen(0, '127.0.0.1', resolve));
    const ctx = await open({
      SMTP_URL: `smtp://127.0.0.1:${(before.address() as AddressInfo).port}`,
      SEND_CONNECTIONS: '1',
    });
    const facts: string[] = [];
    ctx.journal = { ...ctx.journal, write: (batch) => void facts.push(...batch.map(({ what }) => what)) };
    expect(await runDeliver(ctx)).toMatchObject({ sent: 0, cancelled: 1 });
    expect([recipients(), sessions, facts]).toEqual([[], 2, ['handed', 'unsent']]);
    expect((await ledger(database.db)).map(({ state, end_reason }) => [state, end_reason])).toEqual([
      ['cancelled', 'suppressed'],
    ]);
    await new Promise((resolve) => before.close(resolve));
  });

  it('when everybody is suppressed in the middle of it, then at most the mails in flight still go', async () => {
    await planMany(database.db, 200);
    let before = 0;
    smtp.onMail = async () => {
      if (smtp.mails.length !== 20) return;
      await database.db
        .$executeRaw`INSERT INTO suppressions (address_hash, reason, at) SELECT address_hash, 'manual', '2026-01-05' FROM subscribers`;
      before = smtp.mails.length;
    };
    const counts = await runDeliver(await open());
    expect(before).toBeGreaterThan(0);
    expect(smtp.mails.length - before).toBeLessThanOrEqual(4);
    expect(counts.sent + counts.cancelled).toBe(200);
  });

  it('when an edition is paused in the middle of it, then at most the mails in flight still go and the rest waits', async () => {
    await planMany(database.db, 100);
    let before = 0;
    smtp.onMail = async () => {
      if (smtp.mails.length !== 10) return;
      await database.db.edition.updateMany({ data: { state: 'paused' } });
      before = smtp.mails.length;
    };
    await runDeliver(await open());
    const early = smtp.mails.length;
    expect(before).toBeGreaterThan(0);
    expect(early - before).toBeLessThanOrEqual(4);
    expect(await countByState(database.db)).toMatchObject({ sent: early, sending: 0, cancelled: 0, failed: 0 });
  });
});

describe('ending', () => {
  it('when it is told to stop, then what is in flight is finished and the rest is given back', async () => {
    await planMany(database.db, 200);
    const ending = new AbortController();
    smtp.onMail = () => {
      if (smtp.mails.length === 20) ending.abort();
    };
    const counts = await runDeliver(await open(), { signal: ending.signal });
    expect(counts.sent).toBe(smtp.mails.length);
    expect(counts.sent).toBeLessThan(60);
    expect(await countByState(database.db)).toMatchObject({ sent: counts.sent, sending: 0, uncertain: 0 });
    expect(await runDeliver(await open())).toMatchObject({ sent: 200 - counts.sent });
  });

  it('when the receiver hangs, then it ends within ten seconds all the same, with the mail in flight uncertain', async () => {
    smtp.setMode('hang');
    await planMany(database.db, 10);
    const ending = new AbortController();
    let started = Number.POSITIVE_INFINITY;
    const bothInFlight = until('both are in flight', () => smtp.mostAtOnce === 2).then(() => {
      started = performance.now();
      ending.abort();
    });
    const counts = await runDeliver(await open({ SEND_CONNECTIONS: '2' }), { signal: ending.signal });
    expect(performance.now() - started).toBeLessThan(10_000); // the promise itself; it takes five
    await bothInFlight;
    expect(counts.uncertain).toBe(2);
    expect(await countByState(database.db)).toMatchObject({ uncertain: 2, sending: 0, retrying: 8 });
  });
});

describe('without SMTP_URL', () => {
  it('when mails are sent, then they are files that appear whole, and sending one again replaces it', async () => {
    await planMany(database.db, 3);
    const ctx = await testContext(database, {}, { composer: () => Promise.resolve(plainComposer()) });
    expect(await runDeliver(ctx)).toMatchObject({ sent: 3 });
    const folder = join(ctx.config.DATA_DIR, 'outbox');
    const names = await readdir(folder);
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^20260105T120000Z-[0-9a-f-]{36}\.eml$/);
    expect(await readFile(join(folder, names[0] ?? ''), 'utf8')).toContain('Subject: link');
    await asFixture(database.pool, "UPDATE deliveries SET state = 'retrying'");
    await runDeliver(ctx);
    expect(await readdir(folder)).toEqual(names);
  });
});
