import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelDeliveries } from '../../src/db/ledger/deliveries.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type SmtpMode, type TestSmtp } from '../support/smtp.ts';
import { dotlessComposer, plainComposer } from '../world/composers.ts';
import { clearLedger, ledger, type LedgerRow } from '../world/ledger.ts';
import { planMail } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(() => clearLedger(database.db));
afterEach(() => smtp.close());

async function open(
  mode: SmtpMode,
  settings: Record<string, string> = {},
  slowMs?: number,
  composer = plainComposer(),
) {
  smtp = await startSmtp({ mode, ...(slowMs === undefined ? {} : { slowMs }) });
  return testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '2', ...settings },
    { composer: () => Promise.resolve(composer) },
  );
}

async function planOne(email = 'ada@example.org'): Promise<void> {
  await planMail(database.db, { subscriberId: (await makeReader(database.db, JOINED, { email })).id, email });
}

interface Expected {
  mode: SmtpMode;
  state: LedgerRow['state'];
  reply: RegExp;
  /** Tries that count; one where none is given. */
  tries?: number;
  /** Mails the receiver holds in the end. */
  stored: number;
  suppressed?: boolean;
  settings?: Record<string, string>;
}

const cases: Expected[] = [
  { mode: 'ok', state: 'sent', reply: /^250 .*stored/, stored: 1 },
  { mode: 'no-tls', state: 'sent', reply: /^250/, stored: 1 },
  { mode: '4xx', state: 'retrying', reply: /^451 4\.7\.1 Try later/, stored: 0 },
  { mode: 'greylist', state: 'retrying', reply: /^451 4\.7\.1 Greylisted/, stored: 0 },
  { mode: 'full', state: 'retrying', reply: /^452 4\.2\.2/, stored: 0 },
  { mode: '421', state: 'retrying', reply: /^421 4\.3\.2/, stored: 0, tries: 0 },
  { mode: 'tempfail-after-data', state: 'retrying', reply: /^451 4\.3\.0/, stored: 0 },
  { mode: '5xx-mail', state: 'retrying', reply: /^553/, stored: 0, tries: 0 },
  { mode: '5xx-rcpt', state: 'bounced', reply: /^550 5\.1\.1/, stored: 0, suppressed: true },
  { mode: '5xx-policy', state: 'bounced', reply: /^550 5\.7\.1/, stored: 0 },
  { mode: '5xx-data', state: 'bounced', reply: /^554 5\.7\.1/, stored: 0 },
  { mode: 'slow-data', state: 'sent', reply: /^250/, stored: 1 },
  { mode: 'drop-at-rcpt', state: 'retrying', reply: /closed|reset|ended/i, stored: 0, tries: 0 },
  { mode: 'drop-after-dot', state: 'uncertain', reply: /closed|reset|ended/i, stored: 1 },
  { mode: 'hang', state: 'uncertain', reply: /timeout/i, stored: 0, settings: { SMTP_TIMEOUT_SECONDS: '5' } },
];

describe.each([
  ['a mail searched for dots', plainComposer()],
  ['a mail written as it stands', dotlessComposer()],
])('when the receiver fails with %s, the ledger says what is known', (_, composer) => {
  it.each(cases)('$mode ▸ $state', async ({ mode, state, reply, stored, suppressed = false, settings, tries = 1 }) => {
    const ctx = await open(mode, settings, undefined, composer);
    await planOne();
    const counts = await runDeliver(ctx);
    const [row] = await ledger(database.db);
    expect(row).toMatchObject({ state, tries });
    expect(row?.last_reply).toMatch(reply);
    expect(counts[state]).toBe(1);
    expect(smtp.mails).toHaveLength(stored);
    expect(await database.db.suppression.count()).toBe(suppressed ? 1 : 0);
    expect(row?.message_id === null).toBe(false);
    expect(row?.sent_at !== null).toBe(state === 'sent');
  });

  it('when a mail was never handed over, then its row does not claim it was', async () => {
    const ctx = await open('4xx');
    await planOne();
    await runDeliver(ctx);
    expect((await ledger(database.db))[0]?.handed_at).toBeNull();
  });
});

describe('retries', () => {
  it('when a greylister is tried again after the wait, then the mail is sent, with the same Message-ID', async () => {
    const ctx = await open('greylist', { RETRY_MINUTES: '5' }, 1);
    await planOne();
    await runDeliver(ctx);
    const first = (await ledger(database.db))[0];
    expect(first?.next_attempt_at).toEqual(new Date(ctx.now().getTime() + 5 * 60_000));
    expect((await runDeliver(ctx)).sent).toBe(0); // not due yet
    ctx.setNow('2026-01-05T12:05:00Z');
    expect((await runDeliver(ctx)).sent).toBe(1);
    expect(smtp.mails[0]?.messageId).toBe(first?.message_id);
    expect((await ledger(database.db))[0]).toMatchObject({ state: 'sent', tries: 2 });
  });

  it('when it is too late for another try, then it fails and keeps the last words', async () => {
    const ctx = await open('4xx', { RETRY_MINUTES: '1,1' });
    await planOne();
    await database.pool.query("UPDATE deliveries SET late_at = '2026-01-05T12:03:00Z'");
    for (const minute of [0, 1, 2, 3, 4]) {
      ctx.setNow(`2026-01-05T12:0${minute}:00Z`);
      await runDeliver(ctx);
    }
    expect((await ledger(database.db))[0]).toMatchObject({
      state: 'failed',
      tries: 3,
      last_reply: '451 4.7.1 Try later',
    });
    expect(smtp.failures).toHaveLength(3);
  });

  it('when ON_UNCERTAIN=resend and the answer was lost, then it goes again with the same Message-ID', async () => {
    const ctx = await open('drop-after-dot', { ON_UNCERTAIN: 'resend', RETRY_MINUTES: '5' });
    await planOne();
    await runDeliver(ctx);
    expect((await ledger(database.db))[0]?.state).toBe('retrying');
    smtp.setMode('ok');
    ctx.setNow('2026-01-05T12:06:00Z');
    await runDeliver(ctx);
    expect((await ledger(database.db))[0]?.state).toBe('sent');
    expect(smtp.mails.map(({ messageId }) => messageId)).toEqual([smtp.mails[0]?.messageId, smtp.mails[0]?.messageId]);
  });
});

describe('a mail that may have arrived, tried again and given up', () => {
  it.each(['used up', 'late', 'cancelled'])('%s ▸ uncertain, so that its papers stay shown', async (how) => {
    const ctx = await open('drop-after-dot', { ON_UNCERTAIN: 'resend', RETRY_MINUTES: '5' });
    await planOne();
    await runDeliver(ctx);
    smtp.setMode('4xx');
    ctx.setNow('2026-01-05T12:06:00Z');
    if (how === 'used up') await database.pool.query("UPDATE deliveries SET late_at = '2026-01-05T12:06:30Z'");
    if (how === 'late') await database.pool.query("UPDATE deliveries SET late_at = '2026-01-05T12:05:00Z'");
    if (how === 'cancelled') {
      const { id } = await database.db.subscriber.findFirstOrThrow();
      expect(await cancelDeliveries(database.db, id, 'unsubscribed', ctx.now())).toBe(1);
    } else expect(await runDeliver(ctx)).toMatchObject({ uncertain: 1, failed: 0 });
    expect((await ledger(database.db))[0]?.state).toBe('uncertain');
  });
});

describe('when the server cannot be used at all, no mail is blamed', () => {
  it.each(['refused', 'auth-fails'] as const)('%s ▸ due again, no try counted', async (how) => {
    const ctx = await open(how === 'auth-fails' ? 'auth-fails' : 'ok');
    if (how === 'refused') await smtp.close();
    await planOne();
    await runDeliver(ctx);
    const [row] = await ledger(database.db);
    expect(row).toMatchObject({ state: 'retrying', tries: 0, handed_at: null });
    expect(row?.last_reply).toMatch(how === 'refused' ? /ECONNREFUSED/ : /535/);
    expect(row?.next_attempt_at.getTime()).toBeGreaterThan(ctx.now().getTime());
  });

  it('when the server demands TLS that it does not offer, then nothing is sent in the clear', async () => {
    smtp = await startSmtp({ mode: 'no-tls' });
    const ctx = await testContext(
      database,
      { SMTP_URL: `${smtp.url}?requireTLS=true` },
      { composer: () => Promise.resolve(plainComposer()) },
    );
    await planOne();
    await runDeliver(ctx);
    expect(smtp.mails).toHaveLength(0);
    expect((await ledger(database.db))[0]).toMatchObject({ state: 'retrying', tries: 0 });
  });
});

describe('encryption and passwords', () => {
  it.each([
    ['starttls', '?requireTLS=true&tls.rejectUnauthorized=false', 'sent'],
    ['implicit', '?tls.rejectUnauthorized=false', 'sent'],
    ['starttls', '?requireTLS=true', 'retrying'],
    ['implicit', '', 'retrying'],
  ] as const)(
    '%s%s ▸ %s: a certificate nobody vouches for is refused unless told otherwise',
    async (tls, options, state) => {
      smtp = await startSmtp({ tls });
      const ctx = await testContext(
        database,
        { SMTP_URL: smtp.url + options, SEND_CONNECTIONS: '1' },
        { composer: () => Promise.resolve(plainComposer()) },
      );
      for (const name of ['a', 'b']) await planOne(`${name}@example.org`);
      await runDeliver(ctx);
      expect((await ledger(database.db)).map((row) => row.state)).toEqual([state, state]);
      expect(smtp.mails).toHaveLength(state === 'sent' ? 2 : 0);
    },
  );
});

it('when one address in many is refused, then the same line goes on with the others, and dots arrive as they were', async () => {
  const ctx = await open('ok', { SEND_CONNECTIONS: '1' });
  for (const name of ['a', 'b', 'c', 'd']) await planOne(`${name}@example.org`);
  smtp.modeFor = (to) => ({ 'b@example.org': '5xx-rcpt' as const, 'c@example.org': '5xx-data' as const })[to] ?? null;
  await runDeliver(ctx);
  expect((await ledger(database.db)).map(({ state }) => state)).toEqual(['sent', 'bounced', 'bounced', 'sent']);
  expect(smtp.mails.map(({ to }) => to)).toEqual(['a@example.org', 'd@example.org']);
  expect(smtp.connectionsSeen).toBe(1);
  expect(smtp.mails[0]?.raw).toContain('\r\n.a line that begins with a dot\r\n');
});

it.each([
  ['clean', 'Subject: x\r\n\r\nHello.\r\n', 'Subject: x\r\n\r\nHello.\r\n'],
  ['with dots', 'Subject: x\r\n\r\n.\r\n..\r\n.a\r\n', 'Subject: x\r\n\r\n.\r\n..\r\n.a\r\n'],
  ['without a last line end', 'Subject: x\r\n\r\nHello', 'Subject: x\r\n\r\nHello\r\n'],
  ['with an end smuggled in', 'Subject: x\r\n\r\na\n.\r\nMAIL FROM:<b@example.org>\r\n', null],
  [
    'long',
    `Subject: x\r\n\r\n${'0123456789abcdef\r\n'.repeat(200_000)}`,
    `Subject: x\r\n\r\n${'0123456789abcdef\r\n'.repeat(200_000)}`,
  ],
])('when a mail is %s, then the receiver has one mail with its bytes', async (_name, raw, expected) => {
  smtp = await startSmtp();
  const composer = plainComposer({ sign: (mail) => Promise.resolve({ ...mail, raw: Buffer.from(raw) }) });
  const ctx = await testContext(database, { SMTP_URL: smtp.url }, { composer: () => Promise.resolve(composer) });
  await planOne();
  expect(await runDeliver(ctx)).toMatchObject({ sent: 1 });
  expect(smtp.mails).toHaveLength(1);
  if (expected !== null) expect(smtp.mails[0]?.raw).toBe(expected);
});
