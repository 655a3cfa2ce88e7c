import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

const now = new Date('2026-01-05T12:00:00Z');
const open = (settings: Record<string, string> = {}) =>
  testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '4', ...settings },
    { composer: () => Promise.resolve(plainComposer()) },
  );
const claim = (limit: number) => claimDeliveries(database.db, { worker: 'w', limit, now, leaseSeconds: 60 });

/** Plans a small edition behind a big one; all of it is due later. */
async function planSmall(count: number, edition: string): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const email = `small${n}@${edition.replace(':', '-')}.example`;
    const subscriberId = (await makeReader(database.db, JOINED, { email })).id;
    await planMail(database.db, { subscriberId, email, key: edition, dueAt: new Date('2026-01-05T11:00:00Z') });
    await database.pool.query(
      `INSERT INTO editions (key, created_at) VALUES ('${edition}', '2026-01-01') ON CONFLICT DO NOTHING`,
    );
    await database.pool.query(
      `UPDATE deliveries SET edition_id = (SELECT id FROM editions WHERE key = '${edition}') WHERE key = '${edition}'`,
    );
  }
}

const small = (emails: string[]) => emails.filter((email) => email.startsWith('small'));

it('when a small edition is due behind a large one, then both get their share and the small one does not wait for the end', async () => {
  await planMany(database.db, 400);
  await planSmall(10, 'weekly:2026-W02');
  await runDeliver(await open());
  const order = smtp.mails.map(({ to }) => to);
  expect(order).toHaveLength(410);
  const last = order.findLastIndex((to) => to.startsWith('small'));
  expect(last).toBeLessThan(100);
});

it('when several editions are due, then a claim takes the same number of each, and what is left over comes with the next', async () => {
  await planMany(database.db, 100);
  await planSmall(8, 'weekly:2026-W02');
  await planSmall(2, 'welcome:1');
  const { claimed } = await claim(12);
  expect(small(claimed.map(({ email }) => email))).toHaveLength(4 + 2);
  expect(claimed).toHaveLength(4 + 4 + 2);
  const rest = await claim(12);
  expect(small(rest.claimed.map(({ email }) => email))).toHaveLength(4);
  expect((await claim(12)).claimed).toHaveLength(12);
});

it('when there are more editions than places, then in the long run all have their turn', async () => {
  await planMany(database.db, 200);
  await planSmall(1, 'weekly:2026-W02');
  await planSmall(1, 'welcome:1');
  const emails: string[] = [];
  for (let turn = 0; turn < 60 && small(emails).length < 2; turn++) {
    emails.push(...(await claim(1)).claimed.map(({ email }) => email));
  }
  expect(small(emails)).toHaveLength(2); // by chance it fails once in (2/3)^60
});

it('when a person waits for a mail, then it goes before every edition', async () => {
  await planMany(database.db, 50);
  await planSmall(5, 'weekly:2026-W02');
  const subscriberId = (await makeReader(database.db, JOINED, { email: 'now@example.org' })).id;
  await planMail(database.db, { subscriberId, email: 'now@example.org', priority: 0, dueAt: now });
  const { claimed } = await claim(4);
  expect(claimed[0]?.email).toBe('now@example.org');
});
