import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { addWebhook } from '../../src/operate/webhooks.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type SmtpMode } from '../support/smtp.ts';
import { cameBack, mailSent } from '../world/came-back.ts';
import { plainComposer } from '../world/composers.ts';
import { makeReadersAt } from '../world/destinations.ts';
import { makeDigest, type MadePaper } from '../world/digests.ts';
import { bounceMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const NOON = new Date('2026-01-05T12:00:00Z');
let paper: MadePaper | undefined;

beforeAll(async () => {
  [paper] = await makeDigest(database.db, '2026-01-05', ['A paper'], new Date('2026-01-05T00:00:00Z'));
});
beforeEach(async () => {
  await clearLedger(database.db);
  await database.db.$executeRaw`CALL empty_tables('hook_endpoints, hook_messages')`;
});

async function listening(settings: Record<string, string>): Promise<TestContext> {
  const ctx = await testContext(database, settings, { composer: () => Promise.resolve(plainComposer()) });
  ctx.setNow(NOON);
  await addWebhook(ctx, { url: 'https://crm.example.org/told', events: ['delivery.bounced'] }, 'cli');
  return ctx;
}

const told = async () => (await database.db.hookMessage.findMany({ orderBy: { id: 'asc' } })).map(({ data }) => data);

describe('in a session', () => {
  /** Sends one newsletter to each of two readers, one of whom took a mail before. */
  async function send(mode: SmtpMode): Promise<TestContext> {
    const smtp = await startSmtp();
    const ctx = await listening({ SMTP_URL: smtp.url });
    await makeReadersAt(database, {
      ...{ domain: 'big.example', count: 2, proven: 1, edition: 'daily:2026-01-05', paper },
      tookAt: new Date('2026-01-02T12:00:00Z'),
    });
    smtp.setMode(mode);
    await runDeliver(ctx);
    await smtp.close();
    return ctx;
  }

  test('when content is refused, then no address is blamed, and nothing is told', async () => {
    await send('5xx-data');
    expect(await database.db.delivery.count({ where: { state: 'bounced' } })).toBe(2);
    expect(await told()).toEqual([]);
  });

  test('when addresses are refused as unknown, then who is given up is told, and who is in doubt is not', async () => {
    const ctx = await send('5xx-rcpt');
    const [given] = await database.db.delivery.findMany({
      where: { state: 'bounced', email: 'reader2@big.example' },
      include: { subscriber: true },
    });
    expect(await told()).toEqual([{ delivery: given?.publicId, subscriber: given?.subscriber?.publicId }]);
    expect(ctx.woken).toContain('hooks');
  });
});

test('when a report says that an address is unknown, then that is told once, however often it comes', async () => {
  const ctx = await listening({ BOUNCE_DOMAIN: 'bounces.example.org' });
  const reader = await makeReader(database.db, NOON, { email: 'ada@example.org' });
  const delivery = await mailSent(ctx, reader, new Date('2026-01-05T08:00:00Z'));
  for (const words of ['5.1.1 no such user', '5.1.1 unknown'])
    await cameBack(ctx, bounceMail('ada@example.org', '5.1.1', { words }), delivery);
  expect(await told()).toEqual([{ delivery, subscriber: reader.publicId }]);
});
