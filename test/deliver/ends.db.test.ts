import { beforeEach, describe, expect, it } from 'vitest';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { cancelDeliveries } from '../../src/db/ledger/deliveries.ts';
import { cancelEdition, pauseEdition, resumeEdition } from '../../src/db/ledger/edition-acts.ts';
import { returnExpiredClaims } from '../../src/db/ledger/lease.ts';
import { listDeliveries } from '../../src/db/ledger/list.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { countResendable, resendDeliveries } from '../../src/db/ledger/resend.ts';
import { replaceNewsletters } from '../../src/db/newsletters/shown.ts';
import { anonymiseDeliveries } from '../../src/db/subscribers/erase.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { END_REASONS, type ClaimedDelivery } from '../../src/model/delivery.ts';
import { testDatabase } from '../support/database.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
const at = (text: string) => new Date(text);
const minutes = 60_000;
const now = at('2026-01-05T12:00:00Z');
const edition = 'daily:2026-01-05';
const claim = async (leaseSeconds = 60) =>
  (await claimDeliveries(database.db, { worker: 'w', limit: 100, now, leaseSeconds })).claimed;
const hand = (claims: ClaimedDelivery[]) =>
  recordBatch(database.db, {
    worker: 'w',
    now,
    finished: [],
    handing: claims.map((one) => ({ ...one, messageId: '<x@y>' })),
  });
const end = (
  claims: ClaimedDelivery[],
  how: Pick<AttemptEnd, 'state' | 'outcome' | 'reply'>,
  nextAttemptAt: Date | null = null,
) =>
  recordBatch(database.db, {
    ...{ worker: 'w', now, handing: [] },
    finished: claims.map(({ id, attempt }) => ({
      id,
      attempt,
      stage: 'data',
      nextAttemptAt,
      refusal: null,
      counted: true,
      ...how,
    })),
  });
const ends = async () => (await ledger(database.db)).map((row) => [row.state, row.end_reason, row.last_reply]);
const idOf = async () => (await database.db.subscriber.findFirstOrThrow()).id;

beforeEach(async () => {
  await clearLedger(database.db);
  await planMany(database.db, 1, edition);
});

describe('why a mail ended', () => {
  it.each([
    [{ state: 'sent', outcome: 'sent', reply: '250 ok' }, null],
    [{ state: 'retrying', outcome: 'deferred', reply: '451 later' }, null],
    [{ state: 'bounced', outcome: 'bounced', reply: '552 too big' }, 'refused'],
    [{ state: 'failed', outcome: 'deferred', reply: '452 full' }, 'used_up'],
    [{ state: 'failed', outcome: 'lost', reply: 'reset' }, 'used_up'],
    [{ state: 'failed', outcome: 'failed', reply: 'it could not be composed: x' }, 'not_composed'],
    [{ state: 'uncertain', outcome: 'uncertain', reply: 'closed' }, 'lost'],
    [{ state: 'uncertain', outcome: 'deferred', reply: '451 later' }, 'used_up'],
    [{ state: 'uncertain', outcome: 'failed', reply: 'it could not be composed: x' }, 'not_composed'],
  ] as const)('when a try ends with %o, then the reason is %s and the words are kept', async (how, reason) => {
    const claims = await claim();
    await hand(claims);
    await end(claims, how, how.state === 'retrying' ? now : null);
    expect(await ends()).toEqual([[how.state, reason, how.reply]]);
  });

  it('when a mail given up as lost is answered after all, then the reason is that of the answer, or none', async () => {
    const claims = await claim();
    await hand(claims);
    await end(claims, { state: 'uncertain', outcome: 'uncertain', reply: 'closed' });
    await end(claims, { state: 'bounced', outcome: 'bounced', reply: '550 no' });
    expect(await ends()).toEqual([['bounced', 'refused', '550 no']]);
  });

  it('when its worker dies with it, then so says the reason; when it had not handed it over, there is none', async () => {
    await planOneMore();
    const [one, two] = await claim(0);
    await hand(one ? [one] : []);
    await returnExpiredClaims(database.db, now, { ON_UNCERTAIN: 'hold', RETRY_MINUTES: [5] });
    const words = 'the worker died after handing it over; whether it arrived is unknown';
    expect([one?.email, two?.email].sort()).toEqual((await ledger(database.db)).map(({ email }) => email).sort());
    expect(await ends()).toEqual([
      ['uncertain', 'worker_died', words],
      ['retrying', null, null],
    ]);
  });

  it.each(END_REASONS)(
    'when a reader’s mails are cancelled as %s, then that is the reason, and lists say it',
    async (reason) => {
      await cancelDeliveries(database.db, await idOf(), reason, now);
      const [row] = await ledger(database.db);
      expect(row).toMatchObject({ state: 'cancelled', end_reason: reason });
      expect(row?.last_reply?.replace(' by the next edition', '')).toBe(reason.replaceAll('_', ' '));
    },
  );

  it('when a reader is suppressed, then the list says why; when erased, then the reason alone is left', async () => {
    await cancelDeliveries(database.db, await idOf(), 'suppressed', now, undefined, 'complaint');
    const { rows } = await listDeliveries(database.db, {}, { limit: 9 });
    expect(rows).toMatchObject([{ lastReply: 'suppressed: complaint' }]);
    await anonymiseDeliveries(database.db, await idOf());
    expect(await ends()).toEqual([['cancelled', 'suppressed', 'suppressed']]);
  });

  it('when an edition is cancelled, then that is the reason, with what the server said kept behind it', async () => {
    await end(
      await claim(),
      { state: 'retrying', outcome: 'deferred', reply: '451 later' },
      at('2026-01-05T13:00:00Z'),
    );
    await cancelEdition(database.db, edition, now);
    expect(await ends()).toEqual([['cancelled', 'edition_cancelled', 'edition cancelled']]);
    expect((await database.db.delivery.findFirstOrThrow()).lastReply).toBe('451 later');
  });

  it.each([
    [null, 'cancelled', 'replaced', 'replaced by the next edition'],
    [new Date(now.getTime() - minutes), 'failed', 'late', 'late: 454 Throttling failure'],
  ])(
    'when the next edition takes its place (late at %s), then it is %s as %s',
    async (lateAt, state, reason, words) => {
      await database.db.delivery.updateMany({ data: { lateAt, lastReply: '454 Throttling failure' } });
      const [{ id } = { id: 0n }] = await database.db.delivery.findMany();
      await replaceNewsletters(database.db, [id], now);
      expect(await ends()).toEqual([[state, reason, words]]);
    },
  );

  it('when a late one is sent again, then no reason is left, and late once more it says so once', async () => {
    const lateAt = new Date(now.getTime() - minutes);
    await database.db.delivery.updateMany({ data: { lateAt, lastReply: '454 Throttling failure' } });
    await claim();
    expect(await ends()).toEqual([['failed', 'late', 'late: 454 Throttling failure']]);
    expect(await resendDeliveries(database.db, edition, 'missed', now)).toMatchObject({ again: 1 });
    expect(await ends()).toEqual([['retrying', null, '454 Throttling failure']]);
    await database.db.delivery.updateMany({ data: { lateAt } });
    await claim();
    expect(await ends()).toEqual([['failed', 'late', 'late: 454 Throttling failure']]);
  });

  it('when a server’s last words begin with «late», then it is no late mail', async () => {
    const claims = await claim();
    await end(claims, { state: 'failed', outcome: 'deferred', reply: 'late: not ours' });
    expect(await countResendable(database.db, edition, 'missed', now)).toEqual({ again: 0, shownSince: 0 });
    expect(await countResendable(database.db, edition, 'failed', now)).toEqual({ again: 1, shownSince: 0 });
  });
});

describe('a mail parked with its edition', () => {
  const parked = async () =>
    (await database.db.delivery.findMany({ orderBy: { id: 'asc' } })).map((row) => [row.state, row.parked]);
  const waits = async () => (await database.db.delivery.findFirstOrThrow()).nextAttemptAt;

  it('when a claim meets it, then it is parked as it was, still due when it was, and claims pass it by', async () => {
    const due = await waits();
    await pauseEdition(database.db, edition);
    expect(await claimDeliveries(database.db, { worker: 'w', limit: 9, now, leaseSeconds: 60 })).toMatchObject({
      parked: 1,
    });
    expect(await parked()).toEqual([['planned', true]]);
    expect(await waits()).toEqual(due);
    expect(await claimDeliveries(database.db, { worker: 'w', limit: 9, now, leaseSeconds: 60 })).toMatchObject({
      parked: 0,
    });
    await resumeEdition(database.db, edition, now);
    expect(await parked()).toEqual([['planned', false]]);
    expect(await claim()).toHaveLength(1);
  });

  it('when it was claimed already, then the batch before DATA gives it back and the next claim parks it', async () => {
    const claims = await claim();
    await pauseEdition(database.db, edition);
    await hand(claims);
    expect(await parked()).toEqual([['retrying', false]]);
    expect(await claim()).toEqual([]);
    expect(await parked()).toEqual([['retrying', true]]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['its edition is cancelled', () => cancelEdition(database.db, edition, now), 'cancelled'],
    ['its reader leaves', async () => cancelDeliveries(database.db, await idOf(), 'unsubscribed', now), 'cancelled'],
    [
      'the next takes its place',
      async () => replaceNewsletters(database.db, [(await database.db.delivery.findFirstOrThrow()).id], now),
      'cancelled',
    ],
  ])('when %s, then it ends, parked no more', async (_how, act, state) => {
    await pauseEdition(database.db, edition);
    await claim();
    await act();
    expect(await parked()).toEqual([[state, false]]);
  });

  it('when a 250 of an earlier try arrives, then it is sent, parked no more', async () => {
    const claims = await claim();
    await hand(claims);
    await end(claims, { state: 'retrying', outcome: 'uncertain', reply: 'closed' }, now);
    await pauseEdition(database.db, edition);
    await claim();
    expect(await parked()).toEqual([['retrying', true]]);
    await end(claims, { state: 'sent', outcome: 'sent', reply: '250 ok' });
    expect(await parked()).toEqual([['sent', false]]);
  });

  it('when it became too late meanwhile, then resuming lets it fail as late', async () => {
    await pauseEdition(database.db, edition);
    await claim();
    await database.db.delivery.updateMany({ data: { lateAt: new Date(now.getTime() - minutes) } });
    await resumeEdition(database.db, edition, now);
    await claim();
    expect(await ends()).toEqual([['failed', 'late', 'late']]);
  });
});

/** One more mail in no edition. */
async function planOneMore(): Promise<void> {
  const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
  await planMail(database.db, { subscriberId, email: 'ada@example.org', dueAt: at('2026-01-03T00:00:00Z') });
}
