import { beforeEach, describe, expect, it } from 'vitest';
import { listDeliveries } from '../../src/db/ledger/list.ts';
import { countResendable, resendDeliveries, type ResendWhich } from '../../src/db/ledger/resend.ts';
import { cancelEdition } from '../../src/operate/cancel-edition.ts';
import { beginResend } from '../../src/operate/errands/resend.ts';
import { foreseeResend, resend } from '../../src/operate/resend.ts';
import { addressHash } from '../../src/model/address.ts';
import { DELIVERY_STATES } from '../../src/model/delivery.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, KEY, makeReader } from '../world/readers.ts';

const database = testDatabase();
const now = new Date('2026-01-06T12:00:00Z');
const edition = 'daily:2026-01-05';

beforeEach(() => clearLedger(database.db));

const set = (email: string, change: string) =>
  asFixture(database.pool, `UPDATE deliveries SET ${change} WHERE email = '${email}'`);

async function oneOfEach(): Promise<void> {
  await planMany(database.db, 8, edition);
  await set('reader1@example.org', "state = 'sent', sent_at = '2026-01-05', message_id = '<one@x>'");
  await set('reader2@example.org', "state = 'bounced'");
  await set('reader3@example.org', "state = 'failed', last_reply = '451 no'");
  await set('reader4@example.org', "state = 'failed', end_reason = 'late', late_at = '2026-01-05'");
  await set('reader5@example.org', "state = 'uncertain', handed_at = '2026-01-05', message_id = '<five@x>'");
  await set('reader6@example.org', "state = 'cancelled', end_reason = 'unsubscribed'");
  await set('reader7@example.org', "state = 'retrying', late_at = '2026-01-05'");
  await set('reader8@example.org', "late_at = '2026-01-07'");
}

describe('resend', () => {
  it.each<[ResendWhich, string[]]>([
    ['uncertain', ['reader5']],
    ['failed', ['reader3', 'reader4']],
    ['missed', ['reader4', 'reader7']],
    ['bounced', ['reader2']],
  ])('when only the %s are asked for, then only they go again', async (which, readers) => {
    await oneOfEach();
    const before = await ledger(database.db);
    const expected = { again: readers.length, shownSince: 0 };
    expect(await countResendable(database.db, edition, which, now)).toEqual(expected);
    expect(await ledger(database.db)).toEqual(before);
    expect(await resendDeliveries(database.db, edition, which, now)).toEqual(expected);
    for (const row of await ledger(database.db)) {
      const old = before.find(({ email }) => email === row.email);
      if (readers.includes(row.email.split('@')[0] ?? '')) {
        expect(row).toMatchObject({
          state: 'retrying',
          next_attempt_at: now,
          handed_at: null,
          message_id: old?.message_id,
        });
      } else expect(row).toEqual(old);
    }
    expect(await resendDeliveries(database.db, edition, which, now)).toEqual({ again: 0, shownSince: 0 });
  });

  it('when an address that bounced is suppressed, then it gets nothing again', async () => {
    await oneOfEach();
    await database.pool.query(
      "INSERT INTO suppressions (address_hash, reason, at) SELECT address_hash, 'hard', '2026-01-05' FROM deliveries WHERE email = 'reader2@example.org'",
    );
    expect(await resendDeliveries(database.db, edition, 'bounced', now)).toEqual({ again: 0, shownSince: 0 });
  });

  it('when the papers of a failed newsletter have come in another one since, then it stays as it is', async () => {
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    const mail = { kind: 'newsletter', subscriberId, email: 'ada@example.org' };
    await planMail(database.db, { ...mail, edition });
    await set('ada@example.org', "state = 'failed'");
    await planMail(database.db, { ...mail, edition: 'daily:2026-01-06' });
    expect(await resendDeliveries(database.db, edition, 'failed', now)).toEqual({ again: 0, shownSince: 1 });
    await asFixture(database.pool, "UPDATE deliveries SET state = 'cancelled' WHERE key = 'daily:2026-01-06'");
    expect(await resendDeliveries(database.db, edition, 'failed', now)).toEqual({ again: 1, shownSince: 0 });
  });

  it.each<ResendWhich>(['missed', 'uncertain', 'failed', 'bounced'])(
    'when the edition was cancelled and the %s are asked for, then it says so, and nothing is changed or promised',
    async (only) => {
      await oneOfEach();
      const ctx = await testContext(database);
      await cancelEdition(ctx, edition, 'cli');
      const before = await ledger(database.db);
      const wish = { edition, only };
      const asked = [
        () => foreseeResend(ctx, wish),
        () => resend(ctx, wish, 'cli'),
        () => beginResend(ctx, wish, 'token:tests'),
      ];
      for (const ask of asked) await expect(ask()).rejects.toThrow(`${edition} was cancelled for good`);
      expect(await ledger(database.db)).toEqual(before);
      expect([await database.db.errand.count(), ctx.woken]).toEqual([0, []]);
    },
  );

  it('when the edition does not exist, then it says so', async () => {
    expect(await countResendable(database.db, 'daily:2020-01-01', 'failed', now)).toBeNull();
  });
});

describe('the list', () => {
  it('when it is filtered and paged, then every row comes once, in order', async () => {
    await oneOfEach();
    const all = await listDeliveries(database.db, {}, { limit: 100 });
    expect(all.next).toBeNull();
    expect(all.rows).toHaveLength(8);
    expect(Object.keys(all.rows[0] ?? {})).toEqual(
      'id kind edition email state attempts messageId sentAt lastReply papers'.split(' '),
    );
    const first = await listDeliveries(database.db, {}, { limit: 5 });
    const second = await listDeliveries(database.db, {}, { limit: 5, cursor: first.next });
    expect([...first.rows, ...second.rows]).toEqual(all.rows);
    expect((await listDeliveries(database.db, { edition, state: 'failed' }, { limit: 9 })).rows).toHaveLength(2);
    expect((await listDeliveries(database.db, { edition: 'daily:2020-01-01' }, { limit: 9 })).rows).toHaveLength(0);
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, { subscriberId, email: 'ada@example.org' });
    const hers = await listDeliveries(database.db, { addressHash: addressHash(KEY, 'ada@example.org') }, { limit: 9 });
    expect(hers.rows).toMatchObject([{ email: 'ada@example.org', edition: null, papers: 0, attempts: 0 }]);
  });

  it('when a state or a reason is asked for in all editions, then it is what a walk through all finds', async () => {
    await oneOfEach();
    const { id: subscriberId } = await makeReader(database.db, JOINED, { email: 'bob@example.org' });
    for (const day of ['2026-01-06', '2026-01-07'])
      await planMail(database.db, { subscriberId, email: 'bob@example.org', edition: `daily:${day}` });
    await planMail(database.db, { subscriberId, email: 'bob@example.org' });
    await asFixture(
      database.pool,
      "UPDATE deliveries SET state = 'cancelled', end_reason = 'paused' WHERE key = 'daily:2026-01-06'",
    );
    const { rows: all } = await listDeliveries(database.db, {}, { limit: 100 });
    for (const state of DELIVERY_STATES) {
      const wanted = all.filter((row) => row.state === state);
      const walked: typeof all = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await listDeliveries(database.db, { state }, { limit: 1, cursor });
        walked.push(...page.rows);
        cursor = page.next;
      }
      expect(walked).toEqual(wanted);
    }
    const { rows: paused } = await listDeliveries(database.db, { endReason: 'paused' }, { limit: 9 });
    expect(paused).toMatchObject([{ edition: 'daily:2026-01-06', state: 'cancelled' }]);
  });
});
