import { beforeEach, describe, expect, it } from 'vitest';
import { cancelDeliveries, countByState } from '../../src/db/ledger/deliveries.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { extendLeases, releaseClaims, releaseUnknownClaims, returnExpiredClaims } from '../../src/db/ledger/lease.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { addressHash } from '../../src/model/address.ts';
import type { SubscriberStatus } from '../../src/model/subscriber.ts';
import { testDatabase } from '../support/database.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { makeEdition, planMail, planMany } from '../world/mails.ts';
import { JOINED, KEY, makeReader } from '../world/readers.ts';
import type { FinishedAttempt } from '../../src/model/attempt.ts';

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');
const later = new Date('2026-01-05T13:00:00Z');
const hold = { ON_UNCERTAIN: 'hold' as const, RETRY_MINUTES: [5, 30] };

beforeEach(() => clearLedger(database.db));

const claim = (worker = 'w1', limit = 100, leaseSeconds = 60) =>
  claimDeliveries(database.db, { worker, limit, now, leaseSeconds });
const record = (worker: string, finished: FinishedAttempt[], handing: { id: bigint; attempt: number }[]) =>
  recordBatch(database.db, {
    worker,
    now,
    finished,
    handing: handing.map((one) => ({ ...one, messageId: `<${one.id}@x>` })),
  });
const sent = ({ id, attempt }: { id: bigint; attempt: number }): FinishedAttempt => ({
  id,
  attempt,
  state: 'sent',
  outcome: 'sent',
  stage: 'reply',
  reply: '250 ok',
  nextAttemptAt: null,
  refusal: null,
  counted: true,
});

async function suppress(email: string, reason: string): Promise<void> {
  await database.db.$executeRaw`
    INSERT INTO suppressions (address_hash, reason, at) VALUES (${addressHash(KEY, email)}, ${reason}::suppression_reason, ${now})`;
}

async function request(
  subscriberId: number,
  publicId: string,
  change: { newEmail?: string; usedAt?: Date; expiresAt?: Date } = {},
): Promise<void> {
  await database.db.confirmationRequest.create({
    data: { publicId, subscriberId, createdAt: now, expiresAt: later, ...change },
  });
}

describe('who may be claimed', () => {
  type Setting = [name: string, plan: () => Promise<unknown>, expected: string];
  const email = 'ada@example.org';
  const newsletter = async (
    status: SubscriberStatus,
    change: { pausedUntil?: Date; to?: string; lateAt?: Date } = {},
  ) => {
    const { pausedUntil = null } = change;
    const subscriberId = (await makeReader(database.db, JOINED, { email, status, pausedUntil })).id;
    await planMail(database.db, {
      kind: 'newsletter',
      edition: 'daily:2026-01-05',
      subscriberId,
      email,
      ...change,
      ...(change.to ? { email: change.to } : {}),
    });
  };
  const confirmation = async (status: SubscriberStatus, change: Parameters<typeof request>[2] = {}, to = email) => {
    const subscriberId = (await makeReader(database.db, JOINED, { email, status })).id;
    await request(subscriberId, 'req1', change);
    await planMail(database.db, { kind: 'confirmation', key: 'req1', subscriberId, email: to });
  };
  const settings: Setting[] = [
    ['newsletter to a confirmed reader', () => newsletter('confirmed'), 'claimed'],
    ['newsletter to a pending one', () => newsletter('pending'), 'not confirmed'],
    ['newsletter to one who left', () => newsletter('unsubscribed'), 'unsubscribed'],
    ['newsletter to an old address', () => newsletter('confirmed', { to: 'old@example.org' }), 'address changed'],
    ['newsletter while paused', () => newsletter('confirmed', { pausedUntil: later }), 'paused'],
    ['newsletter after a pause', () => newsletter('confirmed', { pausedUntil: now }), 'claimed'],
    ['late newsletter', () => newsletter('confirmed', { lateAt: new Date('2026-01-05T11:59:59Z') }), 'late'],
    ['newsletter in time', () => newsletter('confirmed', { lateAt: now }), 'claimed'],
    ...(['hard', 'complaint', 'manual', 'erased'] as const).map((reason): Setting => [
      `newsletter to an address suppressed as ${reason}`,
      async () => {
        await newsletter('confirmed');
        await suppress(email, reason);
      },
      `suppressed: ${reason}`,
    ]),
    ['confirmation to a pending one', () => confirmation('pending'), 'claimed'],
    ['confirmation to one who left and comes back', () => confirmation('unsubscribed'), 'claimed'],
    ['confirmation after an answer', () => confirmation('pending', { usedAt: now }), 'already answered'],
    ['confirmation of an expired question', () => confirmation('pending', { expiresAt: now }), 'expired'],
    ['confirmation to one confirmed meanwhile', () => confirmation('confirmed'), 'already confirmed'],
    [
      'change of address, to the new one',
      () => confirmation('confirmed', { newEmail: 'new@example.org' }, 'new@example.org'),
      'claimed',
    ],
    [
      'change of address, to the old one',
      () => confirmation('confirmed', { newEmail: 'new@example.org' }),
      'address changed',
    ],
    [
      'confirmation without a question',
      async () =>
        planMail(database.db, {
          kind: 'confirmation',
          key: 'none',
          subscriberId: (await makeReader(database.db, JOINED, { email, status: 'pending' })).id,
          email,
        }),
      'request gone',
    ],
    [
      'confirmation to an erased address',
      async () => {
        await confirmation('pending');
        await suppress(email, 'erased');
      },
      'claimed',
    ],
    [
      'confirmation to an address that complained',
      async () => {
        await confirmation('pending');
        await suppress(email, 'complaint');
      },
      'suppressed: complaint',
    ],
    [
      'a mail whose person is gone',
      async () => {
        await newsletter('confirmed');
        await database.db.$executeRaw`UPDATE deliveries SET subscriber_id = NULL`;
      },
      'erased',
    ],
    [
      'a mail without a hash to check',
      async () => {
        await newsletter('confirmed');
        await database.db.$executeRaw`UPDATE deliveries SET address_hash = NULL`;
      },
      'address unknown',
    ],
    [
      'a newsletter of a cancelled edition',
      async () => {
        await newsletter('confirmed');
        await database.db.edition.updateMany({ data: { state: 'cancelled' } });
      },
      'edition cancelled',
    ],
  ];

  it.each(settings)('%s', async (_name, plan, expected) => {
    await plan();
    const { claimed } = await claim();
    const [row] = await ledger(database.db);
    if (expected === 'claimed') {
      expect(claimed).toHaveLength(1);
      expect(row).toMatchObject({ state: 'sending', attempt: 1 });
    } else {
      expect(claimed).toHaveLength(0);
      expect(row).toMatchObject({
        state: expected === 'late' ? 'failed' : 'cancelled',
        attempt: 0,
        last_reply: expected,
        end_reason: expected.split(':')[0]?.replaceAll(' ', '_'),
      });
    }
  });

  it('when a mail is late that was put off before, then the ledger keeps what held it up, once', async () => {
    await newsletter('confirmed', { lateAt: new Date('2026-01-05T11:59:59Z') });
    await database.pool.query("UPDATE deliveries SET state = 'retrying', last_reply = '454 Throttling failure'");
    await claim();
    expect((await ledger(database.db))[0]).toMatchObject({
      state: 'failed',
      last_reply: 'late: 454 Throttling failure',
    });
  });

  it('when consent is withdrawn after the claim, then the batch before DATA stops the mail', async () => {
    await newsletter('confirmed');
    const { claimed } = await claim();
    await database.db.subscriber.updateMany({ data: { status: 'unsubscribed', nextDueAt: null } });
    expect([...(await record('w1', [], claimed)).values()]).toEqual(['cancelled']);
    expect((await ledger(database.db))[0]).toMatchObject({
      state: 'cancelled',
      handed_at: null,
      last_reply: 'unsubscribed',
    });
  });

  it('when everything of a reader is cancelled, then claimed mails are stopped too, mails in flight are not', async () => {
    const subscriberId = (await makeReader(database.db, JOINED, { email })).id;
    for (const key of ['a', 'b', 'c']) await planMail(database.db, { subscriberId, email, key });
    const [inFlight, held] = (await claim('w1', 2)).claimed;
    if (!inFlight || !held) throw new Error('two claims expected');
    await record('w1', [], [inFlight]);
    expect(await cancelDeliveries(database.db, subscriberId, 'unsubscribed', now)).toBe(2);
    expect((await record('w1', [sent(inFlight)], [held])).size).toBe(0);
    expect(await countByState(database.db)).toMatchObject({ sent: 1, cancelled: 2 });
  });
});

describe('editions that are paused', () => {
  it('when an edition is paused, then its mails are set aside and others go on', async () => {
    await planMany(database.db, 3, 'daily:2026-01-05');
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, { subscriberId, email: 'ada@example.org', edition: 'weekly:2026-W02' });
    await database.db.edition.update({
      where: { id: await makeEdition(database.db, 'daily:2026-01-05') },
      data: { state: 'paused' },
    });
    const first = await claim('w1', 10);
    expect(first).toMatchObject({ parked: 3 });
    expect(first.claimed.map(({ email }) => email)).toEqual(['ada@example.org']);
    expect(await claim('w1', 10)).toEqual({ claimed: [], cancelled: 0, failed: 0, uncertain: 0, parked: 0 });
    expect(await countByState(database.db, 'daily:2026-01-05')).toMatchObject({ planned: 3 });
  });
});

describe('claims, leases and fences', () => {
  it('when several workers claim at once, then no mail has two of them', async () => {
    await planMany(database.db, 300);
    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => claim(worker, 75)));
    const ids = claims.flatMap(({ claimed }) => claimed.map(({ id }) => id));
    expect(new Set(ids).size).toBe(300);
    expect(ids).toHaveLength(300);
  });

  it('when urgent mails wait behind a long queue, then they go first', async () => {
    await planMany(database.db, 50);
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, { subscriberId, email: 'ada@example.org', priority: 0, dueAt: now });
    expect((await claim('w1', 5)).claimed[0]?.email).toBe('ada@example.org');
  });

  it('when a mail is due later, then it waits', async () => {
    const subscriberId = (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id;
    await planMail(database.db, { subscriberId, email: 'ada@example.org', dueAt: later });
    expect((await claim()).claimed).toHaveLength(0);
  });

  it('when a worker dies, then what it never handed over is due again and what it did is uncertain', async () => {
    await planMany(database.db, 3);
    const { claimed } = await claim('dead', 3, 0);
    await record('dead', [], claimed.slice(0, 1));
    expect(await returnExpiredClaims(database.db, now, hold)).toEqual({ returned: 2, uncertain: 1 });
    expect((await ledger(database.db)).map(({ state, tries }) => [state, tries])).toEqual([
      ['uncertain', 1],
      ['retrying', 0],
      ['retrying', 0],
    ]);
    expect((await claim('w2')).claimed.map(({ attempt, tries }) => [attempt, tries])).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  it('when ON_UNCERTAIN=resend, then a dead worker’s mail in flight goes again', async () => {
    await planMany(database.db, 1);
    await record('dead', [], (await claim('dead', 1, 0)).claimed);
    await returnExpiredClaims(database.db, now, { ...hold, ON_UNCERTAIN: 'resend' });
    expect((await claim('w2')).claimed).toMatchObject([{ attempt: 2, tries: 1 }]);
  });

  it('when ON_UNCERTAIN=resend and a mail kills one worker after the other, then it is held once its tries are used up', async () => {
    await planMany(database.db, 1);
    const states = [];
    for (const worker of ['a', 'b', 'c']) {
      await record(worker, [], (await claim(worker, 1, 0)).claimed);
      await returnExpiredClaims(database.db, now, { ...hold, ON_UNCERTAIN: 'resend' });
      states.push((await ledger(database.db))[0]?.state);
    }
    expect(states).toEqual(['retrying', 'retrying', 'uncertain']); // RETRY_MINUTES=5,30 is three tries
  });

  it('when ON_UNCERTAIN=resend and the 250 of a worker thought dead comes before the next claim, then it is believed and nothing is repeated', async () => {
    await planMany(database.db, 1);
    const { claimed } = await claim('slow', 1, 0);
    await record('slow', [], claimed);
    await returnExpiredClaims(database.db, now, { ...hold, ON_UNCERTAIN: 'resend' });
    await record('slow', claimed.map(sent), []);
    expect((await ledger(database.db))[0]).toMatchObject({ state: 'sent', tries: 1, sent_at: now });
    expect((await claim('w2')).claimed).toEqual([]);
  });

  it('when a worker gives back what it never heard of, then what it knows and what it has handed over stay its own', async () => {
    await planMany(database.db, 4);
    const { claimed } = await claim('w1', 4);
    const [inFlight, known] = claimed;
    if (!inFlight || !known) throw new Error('four claims expected');
    await record('w1', [], [inFlight]);
    expect(await releaseUnknownClaims(database.db, 'w1', [known.id])).toBe(2);
    expect((await ledger(database.db)).map(({ state }) => state)).toEqual([
      'sending',
      'sending',
      'retrying',
      'retrying',
    ]);
    expect((await claim('w2')).claimed).toMatchObject([
      { attempt: 2, tries: 0 },
      { attempt: 2, tries: 0 },
    ]);
  });

  it('when a worker lives, then its leases hold', async () => {
    await planMany(database.db, 2);
    await claim('w1', 2, 0);
    await extendLeases(database.db, 'w1', 60);
    expect(await returnExpiredClaims(database.db, now, hold)).toEqual({ returned: 0, uncertain: 0 });
  });

  it('when a worker that was thought dead comes back, then the fence stops its mails, but a late 250 is still believed', async () => {
    await planMany(database.db, 2);
    const [inFlight, held] = (await claim('slow', 2, 0)).claimed;
    if (!inFlight || !held) throw new Error('two claims expected');
    await record('slow', [], [inFlight]);
    await returnExpiredClaims(database.db, now, hold);
    const [again] = (await claim('w2')).claimed;
    expect(again).toMatchObject({ id: held.id, attempt: 2 });
    expect((await record('slow', [sent(inFlight)], [held])).size).toBe(0);
    expect((await ledger(database.db)).map(({ state }) => state)).toEqual(['sent', 'sending']);
  });

  it('when a batch is written twice because its answer was lost, then the second time changes nothing and allows the same', async () => {
    await planMany(database.db, 2);
    const [one, two] = (await claim('w1', 2)).claimed;
    if (!one || !two) throw new Error('two claims expected');
    await record('w1', [], [one]);
    const once = await record('w1', [sent(one)], [two]);
    const before = await ledger(database.db);
    expect(await record('w1', [sent(one)], [two])).toEqual(once);
    expect(await ledger(database.db)).toEqual(before);
  });

  it('when a worker gives its claims back, then only what was never handed over returns', async () => {
    await planMany(database.db, 3);
    const { claimed } = await claim('w1', 3);
    await record('w1', [], claimed.slice(0, 1));
    expect(await releaseClaims(database.db, 'w1', later, 'unreachable')).toBe(2);
    expect((await ledger(database.db)).map(({ state, last_reply }) => [state, last_reply])).toEqual([
      ['sending', null],
      ['retrying', 'unreachable'],
      ['retrying', 'unreachable'],
    ]);
  });
});
