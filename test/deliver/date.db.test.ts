import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertNewslettersWithDeliveries } from '../../src/db/newsletters/newsletters.ts';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { resendDeliveries } from '../../src/db/ledger/resend.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { tellOperator } from '../../src/operate/tell-operator.ts';
import { type MadePaper, makeDigest } from '../world/digests.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeEdition, planMail } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { startSmtp, type SmtpMode, type TestSmtp } from '../support/smtp.ts';

const database = testDatabase();
let smtp: TestSmtp;
let paper: MadePaper | undefined;

beforeAll(async () => {
  [paper] = await makeDigest(database.db, '2026-01-05', ['State spaces'], new Date('2026-01-05T04:00:00Z'));
});

beforeEach(() => clearLedger(database.db));
afterEach(() => smtp.close());

/** Starts a receiver, and a service whose mails go there; what is told of one mail is the mail as it came. */
async function open(mode: SmtpMode, settings: Record<string, string> = {}) {
  smtp = await startSmtp({ mode, slowMs: 0 });
  const patience = { RETRY_MINUTES: '5,30,120', LATE_HOURS: '24', SEND_CONNECTIONS: '1' };
  const ctx = await testContext(database, {
    SMTP_URL: smtp.url,
    ADMIN_EMAIL: 'op@example.net',
    ...patience,
    ...settings,
  });
  return {
    ctx,
    /** Tries what is due at an instant. */
    at: (instant: string, how: SmtpMode = 'ok') => {
      smtp.setMode(how);
      ctx.setNow(instant);
      return runDeliver(ctx);
    },
  };
}

const datesOf = () => smtp.mails.map(({ raw }) => /^Date: *(.+?)\r?$/m.exec(raw)?.[1]);

async function planNewsletter(slotAt = new Date('2026-01-05T08:00:00Z')): Promise<void> {
  const { db } = database;
  const { id } = await makeReader(db, slotAt, { email: 'ada@example.org' });
  const editionId = await makeEdition(db, 'daily:2026-01-05');
  const row = {
    ...{ subscriberId: id, editionId, editionKey: 'daily:2026-01-05', keyId: 1, slotAt, issuedOn: '2026-01-05' },
    ...{ entryIds: [paper!.entryId], paperIds: [paper!.paperId], matchIds: [0], upvotes: [1], comments: [1] },
    ...{ trendingIds: [], consideredCount: 1, moreCount: 0, lateAt: new Date(slotAt.getTime() + 72 * 3_600_000) },
  };
  await insertNewslettersWithDeliveries(db, [row], slotAt);
}

it('when a newsletter goes four hours after its slot, then its Date is when it goes and its words bear the edition', async () => {
  const { at } = await open('ok');
  await planNewsletter();
  await at('2026-01-05T12:07:09Z');
  expect(datesOf()).toEqual(['Mon, 05 Jan 2026 12:07:09 +0000']);
  expect(smtp.mails[0]?.raw).toContain('5 January 2026');
});

it.each<[SmtpMode]>([['greylist'], ['4xx'], ['drop-at-rcpt'], ['full']])(
  'when %s keeps the body from going over, then the Date is that of the try that sends it',
  async (mode) => {
    const { at } = await open(mode);
    await planNewsletter();
    await at('2026-01-05T08:00:00Z', mode);
    await at('2026-01-05T08:06:00Z', mode === 'greylist' ? '4xx' : mode);
    await at('2026-01-05T11:30:00Z');
    expect(datesOf()).toEqual(['Mon, 05 Jan 2026 11:30:00 +0000']);
  },
);

it('when a body went over and was put off, then every later try has the same bytes, whatever came in between', async () => {
  const { at } = await open('ok', { RETRY_MINUTES: '1,1,1,1,1' });
  await planNewsletter();
  await at('2026-01-05T08:00:00Z', '4xx'); // nothing went over
  await at('2026-01-05T09:00:00Z', 'tempfail-after-data'); // this one counts
  expect(await frozenAt()).toEqual(new Date('2026-01-05T09:00:00Z'));
  await at('2026-01-05T10:00:00Z', 'full'); // nor here
  await at('2026-01-05T11:00:00Z', 'drop-at-rcpt');
  await at('2026-01-05T12:00:00Z');
  expect(datesOf()).toEqual(['Mon, 05 Jan 2026 09:00:00 +0000']);
  const { publicId } = await database.db.newsletter.findFirstOrThrow();
  expect((await loadNewsletterInput(database.db, publicId))?.at).toEqual(new Date('2026-01-05T09:00:00Z'));
});

async function frozenAt(): Promise<Date | null> {
  const { rows } = await database.pool.query<{ dated_at: Date | null }>('SELECT dated_at FROM deliveries');
  return rows[0]?.dated_at ?? null;
}

it('when a mail in doubt is sent again, by itself or by hand, then the bytes are those of the first time', async () => {
  const { at } = await open('ok', { ON_UNCERTAIN: 'resend' });
  await planNewsletter();
  await at('2026-01-05T08:30:00Z', 'drop-after-dot');
  await at('2026-01-05T09:30:00Z');
  expect(smtp.mails).toHaveLength(2);
  expect(smtp.mails[1]?.raw).toBe(smtp.mails[0]?.raw);
  await smtp.close();

  await clearLedger(database.db);
  const held = await open('ok', { ON_UNCERTAIN: 'hold' });
  await planNewsletter();
  await held.at('2026-01-05T08:30:00Z', 'drop-after-dot');
  await resendDeliveries(database.db, 'daily:2026-01-05', 'uncertain', new Date('2026-01-06T08:00:00Z'));
  await held.at('2026-01-06T08:00:00Z');
  expect(smtp.mails).toHaveLength(2);
  expect(smtp.mails[1]?.raw).toBe(smtp.mails[0]?.raw);
});

it('when a mail failed without its body going over and is sent again, then its Date is the new one', async () => {
  const { at } = await open('4xx', { RETRY_MINUTES: '5' });
  await planNewsletter();
  await at('2026-01-05T08:00:00Z', '4xx');
  await at('2026-01-05T08:10:00Z', '4xx');
  await resendDeliveries(database.db, 'daily:2026-01-05', 'failed', new Date('2026-01-05T15:00:00Z'));
  await at('2026-01-05T15:00:00Z');
  expect(datesOf()).toEqual(['Mon, 05 Jan 2026 15:00:00 +0000']);
});

it('when a worker died with a mail on its way, then the next one sends the same Date', async () => {
  const { at } = await open('ok', { ON_UNCERTAIN: 'resend' });
  await planNewsletter();
  await at('2026-01-05T08:30:00Z', 'drop-after-dot');
  await asFixture(
    database.pool,
    "UPDATE deliveries SET state = 'sending', end_reason = NULL, claimed_by = 'dead', lease_until = '2000-01-01', handed_at = '2026-01-05T08:30:00Z'; DELETE FROM attempts",
  );
  await at('2026-01-05T10:00:00Z');
  expect(datesOf()).toEqual(Array(2).fill('Mon, 05 Jan 2026 08:30:00 +0000'));
});

it('when a link or an alarm waited, then its Date is when it goes', async () => {
  const { ctx, at } = await open('ok');
  ctx.setNow('2026-01-05T06:00:00Z');
  await tellOperator(ctx, { key: 'k', subject: 'Something', lines: ['Look.'] }, 'job:deliver');
  await planMail(database.db, {
    subscriberId: (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id,
    email: 'ada@example.org',
  });
  await at('2026-01-05T09:15:00Z');
  expect(datesOf()).toEqual(Array(2).fill('Mon, 05 Jan 2026 09:15:00 +0000'));
});
