import { afterEach, beforeEach, expect, test } from 'vitest';
import { listDeliveries } from '../../src/db/ledger/list.ts';
import { findLedgerProblems } from '../../src/db/ledger/reconcile.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runHousekeeping } from '../../src/operate/housekeeping.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
let smtp: TestSmtp;
let ctx: TestContext;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, ATTEMPT_DAYS: '30' },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  ctx.setNow('2026-01-05T12:00:00Z');
  await planMany(database.db, 12);
  const odd: Record<string, 'drop-after-dot' | '5xx-rcpt'> = {
    'reader3@example.org': 'drop-after-dot',
    'reader7@example.org': '5xx-rcpt',
  };
  smtp.modeFor = (to) => odd[to] ?? null;
  expect(await runDeliver(ctx)).toMatchObject({ sent: 10, bounced: 1, uncertain: 1 });
});
afterEach(() => smtp.close());

const lines = async () => (await listDeliveries(ctx.db, {}, { limit: 50 })).rows;

test('when an edition is older than ATTEMPT_DAYS, then the tries of what was sent go, and nothing that is shown of it changes', async () => {
  const before = await lines();
  const problems = await findLedgerProblems(ctx.db, new Date(0));
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenTries: 0 });
  ctx.setNow('2026-02-05T12:00:00Z');
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenTries: 10 });
  const left = await ctx.db.attempt.findMany({ include: { delivery: true }, orderBy: { deliveryId: 'asc' } });
  expect(left.map(({ outcome, delivery }) => [delivery.email, outcome])).toEqual([
    ['reader3@example.org', 'uncertain'],
    ['reader7@example.org', 'bounced'],
  ]);
  expect(await lines()).toEqual(before);
  // A backup is tried over the whole ledger.
  expect(await findLedgerProblems(ctx.db, new Date(0))).toEqual(problems);
});

test('when they have gone once, then nobody looks for them again', async () => {
  ctx.setNow('2026-02-05T12:00:00Z');
  await runHousekeeping(ctx);
  const [edition] = await ctx.db.edition.findMany();
  expect(edition?.triesForgottenAt).toEqual(new Date('2026-02-05T12:00:00Z'));
  ctx.setNow('2026-02-06T12:00:00Z');
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenTries: 0 });
  expect((await ctx.db.edition.findMany())[0]?.triesForgottenAt).toEqual(edition?.triesForgottenAt);
});

test('when newsletters of a welcome were sent long ago and of late, then only the tries of the former go, and those of the latter in their time', async () => {
  await ctx.db.edition.updateMany({ data: { key: 'welcome:1' } });
  const of = (email: string, day: string) =>
    ctx.db.delivery.updateMany({ where: { email }, data: { sentAt: new Date(`${day}T12:00:00Z`) } });
  await of('reader1@example.org', '2026-03-25');
  await of('reader2@example.org', '2026-02-20');
  const lost = () => findLedgerProblems(ctx.db, new Date(0));
  const before = await lost();
  const tried = async (email: string) => (await ctx.db.attempt.count({ where: { delivery: { email } } })) > 0;
  const both = async () => [await tried('reader1@example.org'), await tried('reader2@example.org')];
  ctx.setNow('2026-03-01T12:00:00Z');
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenTries: 8 });
  expect(await both()).toEqual([true, true]);
  ctx.setNow('2026-03-24T12:00:00Z');
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenTries: 1 });
  expect(await both()).toEqual([true, false]);
  expect(await lost()).toEqual(before);
  await ctx.db.attempt.deleteMany({ where: { delivery: { email: 'reader1@example.org' } } });
  expect(await lost()).toEqual([...before, { problem: 'sent without an attempt', edition: 'welcome:1', count: 1 }]);
});
