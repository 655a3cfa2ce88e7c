import { afterEach, beforeEach, expect, it } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import type { Composer, NoticeInput } from '../../src/model/newsletter.ts';
import { dkimSetup, sampleComposer } from '../world/installation.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';
import { sampleInput } from '../world/newsletters.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type SmtpMode, type TestSmtp } from '../support/smtp.ts';

const database = testDatabase();
const MAILS = 240;
let smtp: TestSmtp;

beforeEach(() => clearLedger(database.db));
afterEach(() => smtp.close());

/** Gives everybody a newsletter of their own size and words. */
function newsletters(composer: Composer): Composer {
  const inputOf = ({ deliveryPublicId, email }: NoticeInput) =>
    sampleInput(1 + (Number(/\d+/.exec(email)?.[0]) % 12), {
      deliveryPublicId,
      email,
      subscriberPublicId: email.replace(/\W/g, '-'),
    });
  return { ...composer, notice: (input) => composer.newsletter(inputOf(input)) };
}

it('when many mails go out over a few connections, some refused at every stage, then each arrives with its own bytes, whatever memory they shared', async () => {
  smtp = await startSmtp();
  const { settings } = dkimSetup();
  const composer = newsletters(await sampleComposer(settings));
  const composed = new Map<string, string>();
  const noting: Composer = {
    ...composer,
    sign: async (mail) => {
      const signed = await composer.sign(mail);
      composed.set(signed.messageId, signed.raw.toString('latin1')); // before anybody else may write there
      return signed;
    },
  };
  const moods: Record<string, SmtpMode> = { 3: '5xx-rcpt', 5: '5xx-data', 7: 'tempfail-after-data' };
  smtp.modeFor = (to) => moods[/(\d)@/.exec(to)?.[1] ?? ''] ?? null;
  smtp.onMail = ({ to }) => new Promise((resolve) => setTimeout(resolve, to.length % 4));
  const ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '5' },
    { composer: () => Promise.resolve(noting) },
  );
  await planMany(database.db, MAILS);
  const counts = await runDeliver(ctx);
  expect(counts).toMatchObject({ sent: MAILS * 0.7, bounced: MAILS * 0.2, retrying: MAILS * 0.1 });
  expect(smtp.mails.length).toBe(counts.sent);
  expect(composed.size).toBe(MAILS);
  for (const { messageId, raw } of smtp.mails) expect(raw).toBe(composed.get(messageId));
});
