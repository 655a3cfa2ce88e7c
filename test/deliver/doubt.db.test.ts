import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { cancelEdition } from '../../src/db/ledger/edition-acts.ts';
import { returnExpiredClaims } from '../../src/db/ledger/lease.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { resendDeliveries } from '../../src/db/ledger/resend.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { plainComposer } from '../world/composers.ts';
import { makeDigest } from '../world/digests.ts';
import { clearLedger, ledger, newslettersOf } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

/**
 * What is done with a mail that may have arrived: it is never called cancelled or failed, and its papers stay shown.
 */

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');
const edition = 'daily:2026-01-05';
const closers: (() => Promise<void>)[] = [];

beforeEach(() => clearLedger(database.db));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function receiver(): Promise<TestSmtp> {
  const smtp = await startSmtp();
  closers.push(() => smtp.close());
  return smtp;
}

const claim = async (worker = 'w', leaseSeconds = 60) =>
  (await claimDeliveries(database.db, { worker, limit: 10, now, leaseSeconds })).claimed;
/** Every claim is handed over by a worker that dies then; with ON_UNCERTAIN=resend they all wait to be sent again. */
async function doubtAll(): Promise<void> {
  const handing = (await claim('dead', 0)).map(({ id, attempt }) => ({ id, attempt, messageId: '<x@y>' }));
  await recordBatch(database.db, { worker: 'dead', now, finished: [], handing });
  await returnExpiredClaims(database.db, now, { ON_UNCERTAIN: 'resend', RETRY_MINUTES: [5, 30] });
}

describe('at the batch before DATA', () => {
  it('when the reader has left meanwhile, then a mail in doubt ends uncertain, one without doubt cancelled', async () => {
    await planMany(database.db, 1, edition);
    await doubtAll();
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, { subscriberId, email: 'ada@example.org', edition });
    const claimed = await claim();
    expect(claimed.map(({ email, doubted }) => [email, doubted])).toEqual([
      ['reader1@example.org', true],
      ['ada@example.org', false],
    ]);
    await database.pool.query(
      "INSERT INTO suppressions (address_hash, reason, at) SELECT address_hash, 'manual', '2026-01-05' FROM subscribers",
    );
    const handing = claimed.map(({ id, attempt, doubted }) => ({ id, attempt, doubted, messageId: '<x@y>' }));
    await recordBatch(database.db, { worker: 'w', now, finished: [], handing });
    expect((await ledger(database.db)).map(({ state, last_reply }) => [state, last_reply])).toEqual([
      ['uncertain', 'suppressed: manual'],
      ['cancelled', 'suppressed: manual'],
    ]);
  });

  it('when a whole run meets it so, then the mail does not go a second time and stays uncertain', async () => {
    const smtp = await receiver();
    const settings = { SMTP_URL: smtp.url, SEND_CONNECTIONS: '1', ON_UNCERTAIN: 'resend', RETRY_MINUTES: '5' };
    let leaves = false;
    const composer = plainComposer({
      sign: async (mail) => {
        // Between the claim and the batch.
        if (leaves) await database.pool.query("UPDATE editions SET state = 'cancelled'");
        return mail;
      },
    });
    const ctx = await testContext(database, settings, { composer: () => Promise.resolve(composer) });
    await planMany(database.db, 1, edition);
    smtp.setMode('drop-after-dot');
    expect(await runDeliver(ctx)).toMatchObject({ retrying: 1 });
    smtp.setMode('ok');
    leaves = true;
    ctx.setNow('2026-01-05T12:06:00Z');
    expect(await runDeliver(ctx)).toMatchObject({ sent: 0, cancelled: 0, uncertain: 1 });
    expect(smtp.mails).toHaveLength(1);
    expect((await ledger(database.db))[0]).toMatchObject({ state: 'uncertain', last_reply: 'edition cancelled' });
  });
});

it('when an edition is cancelled, then what may have arrived is uncertain and the rest cancelled', async () => {
  await planMany(database.db, 2, edition);
  await doubtAll();
  const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
  await planMail(database.db, { subscriberId, email: 'ada@example.org', edition });
  expect(await cancelEdition(database.db, edition, now)).toEqual({ outcome: 'done', deliveries: 3 });
  expect(await countByState(database.db, edition)).toMatchObject({ uncertain: 2, cancelled: 1, retrying: 0 });
});

it('when the next newsletter is planned, then one that waits gives way, but not one that may have arrived: its papers stay shown', async () => {
  const ctx = await testContext(database);
  const joined = new Date('2026-01-04T12:00:00Z');
  const [doubted, waits] = [await makeReader(database.db, joined), await makeReader(database.db, joined)];
  const [first] = await makeDigest(database.db, '2026-01-05', ['First'], new Date('2026-01-05T02:00:00Z'));
  ctx.setNow('2026-01-05T08:00:00Z');
  await runPlan(ctx);
  await database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-06' WHERE subscriber_id = $1", [
    waits.id,
  ]);
  await doubtAll();
  const [second] = await makeDigest(database.db, '2026-01-06', ['Second'], new Date('2026-01-06T02:00:00Z'));
  ctx.setNow('2026-01-06T08:00:00Z');
  expect(await runPlan(ctx)).toMatchObject({ newsletters: 2, replaced: 1 });
  expect(await newslettersOf(database.db, doubted.id)).toMatchObject([
    { states: ['retrying'], papers: [first?.paperId] },
    { states: ['planned'], papers: [second?.paperId] },
  ]);
  const [old, merged] = await newslettersOf(database.db, waits.id);
  expect(old?.states).toEqual(['failed']); // late
  expect(merged?.papers).toHaveLength(2);
});

describe('ON_UNCERTAIN=resend', () => {
  const settings = { ON_UNCERTAIN: 'resend', RETRY_MINUTES: '5,5', SEND_CONNECTIONS: '1' };

  it('when the answer is lost each time, then it goes as often as there are tries, under one Message-ID, and is uncertain in the end', async () => {
    const smtp = await receiver();
    smtp.setMode('drop-after-dot');
    const ctx = await testContext(
      database,
      { SMTP_URL: smtp.url, ...settings },
      { composer: () => Promise.resolve(plainComposer()) },
    );
    await planMany(database.db, 1, edition);
    const states = [];
    for (const minute of ['00', '06', '12', '18']) {
      ctx.setNow(`2026-01-05T12:${minute}:00Z`);
      await runDeliver(ctx);
      states.push((await ledger(database.db))[0]?.state);
    }
    expect(states).toEqual(['retrying', 'retrying', 'uncertain', 'uncertain']);
    expect(smtp.mails).toHaveLength(3);
    expect(new Set(smtp.mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('when a mail in doubt cannot be composed any more, then it is uncertain, not failed', async () => {
    const smtp = await receiver();
    await planMany(database.db, 1, edition);
    await doubtAll();
    const composer = plainComposer({
      notice: () => {
        throw new Error('no such template');
      },
    });
    const ctx = await testContext(
      database,
      { SMTP_URL: smtp.url, ...settings },
      { composer: () => Promise.resolve(composer) },
    );
    expect(await runDeliver(ctx)).toMatchObject({ uncertain: 1, failed: 0 });
  });
});

describe('a resend', () => {
  it('when a mail was tried until it was too late, then it gets a fresh set of tries and two days, and its attempt numbers go on rising', async () => {
    const smtp = await receiver();
    smtp.setMode('4xx');
    const ctx = await testContext(
      database,
      { SMTP_URL: smtp.url, RETRY_MINUTES: '1,1', SEND_CONNECTIONS: '1' },
      { composer: () => Promise.resolve(plainComposer()) },
    );
    await planMany(database.db, 1, edition);
    let minute = 0;
    const lateAfter = (minutes: number) =>
      database.pool.query('UPDATE deliveries SET late_at = $1', [new Date(now.getTime() + minutes * 60_000)]);
    const tryOn = async () => {
      const states = [];
      for (let tries = 0; tries < 3; tries++, minute += 2) {
        ctx.setNow(new Date(now.getTime() + minute * 60_000));
        await runDeliver(ctx);
        states.push((await ledger(database.db))[0]?.state);
      }
      return states;
    };
    await lateAfter(4.5);
    expect(await tryOn()).toEqual(['retrying', 'retrying', 'failed']);
    expect(await resendDeliveries(database.db, edition, 'failed', ctx.now())).toEqual({ again: 1, shownSince: 0 });
    const { lateAt } = await database.db.delivery.findFirstOrThrow();
    expect(lateAt).toEqual(new Date(ctx.now().getTime() + 48 * 3_600_000));
    await lateAfter(10.5);
    expect(await tryOn()).toEqual(['retrying', 'retrying', 'failed']);
    expect((await ledger(database.db))[0]).toMatchObject({ attempt: 6, tries: 6 });
    await resendDeliveries(database.db, edition, 'failed', ctx.now());
    smtp.setMode('ok');
    await runDeliver(ctx);
    expect((await ledger(database.db))[0]).toMatchObject({ state: 'sent', attempt: 7 });
  });
});
