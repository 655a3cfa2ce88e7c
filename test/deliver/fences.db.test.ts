import { beforeEach, expect, it } from 'vitest';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { returnExpiredClaims } from '../../src/db/ledger/lease.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { testDatabase } from '../support/database.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';
import type { ClaimedDelivery } from '../../src/model/delivery.ts';
import type { FinishedAttempt } from '../../src/model/attempt.ts';

/** What a worker says of an attempt that is over: its lease ran out, and another try of the same mail has begun. */

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');

beforeEach(() => clearLedger(database.db));

async function claimOne(worker: string, leaseSeconds = 60): Promise<ClaimedDelivery> {
  const { claimed } = await claimDeliveries(database.db, { worker, limit: 1, now, leaseSeconds });
  if (!claimed[0]) throw new Error('a claim expected');
  return claimed[0];
}

const record = (worker: string, finished: FinishedAttempt[], handing: ClaimedDelivery[]) =>
  recordBatch(database.db, { worker, now, finished, handing: handing.map((one) => ({ ...one, messageId: '<x@y>' })) });
const letLeaseEnd = () =>
  returnExpiredClaims(database.db, now, { ON_UNCERTAIN: 'resend', RETRY_MINUTES: [5, 30, 120] });
const ended = (
  { id, attempt }: ClaimedDelivery,
  how: Pick<FinishedAttempt, 'state' | 'outcome' | 'reply'>,
): FinishedAttempt => ({ id, attempt, stage: 'reply', nextAttemptAt: null, refusal: null, counted: true, ...how });
const sent = (one: ClaimedDelivery) => ended(one, { state: 'sent', outcome: 'sent', reply: '250 ok' });
const deferred = (one: ClaimedDelivery) => ended(one, { state: 'retrying', outcome: 'deferred', reply: '451 later' });

it('when a worker has claimed a mail again, then the mail of its first claim may not go, and that of the second may', async () => {
  await planMany(database.db, 1);
  const first = await claimOne('w1', 0);
  await letLeaseEnd();
  const second = await claimOne('w1');
  expect((await record('w1', [], [first])).size).toBe(0);
  expect((await ledger(database.db))[0]).toMatchObject({ state: 'sending', attempt: 2, handed_at: null });
  expect([...(await record('w1', [], [second])).values()]).toEqual(['sending']);
});

it('when a worker has claimed a mail again, then what it says of the first try does not end the second', async () => {
  await planMany(database.db, 1);
  const first = await claimOne('w1', 0);
  await record('w1', [], [first]);
  await letLeaseEnd();
  const second = await claimOne('w1');
  await record('w1', [], [second]);
  await record('w1', [deferred(first)], []);
  expect((await ledger(database.db))[0]).toMatchObject({ state: 'sending', attempt: 2, handed_at: now });
  await record('w1', [sent(second)], []);
  expect((await ledger(database.db))[0]).toMatchObject({ state: 'sent', attempt: 2 });
});

it('when the second try waits for a third, then a 250 of the first comes too late to be believed', async () => {
  await planMany(database.db, 1);
  const first = await claimOne('slow', 0);
  await record('slow', [], [first]);
  await letLeaseEnd();
  const second = await claimOne('w2');
  await record('w2', [], [second]);
  await record('w2', [deferred(second)], []);
  await record('slow', [sent(first)], []);
  expect((await ledger(database.db))[0]).toMatchObject({ state: 'retrying', attempt: 2, last_reply: '451 later' });
});

it('when an address is refused for good, then no other mail goes to it in the same batch', async () => {
  await planMany(database.db, 3);
  const [first, same, other] = [await claimOne('w1'), await claimOne('w1'), await claimOne('w1')];
  await record('w1', [], [first]);
  const { addressHash } = await database.db.delivery.findUniqueOrThrow({ where: { id: first.id } });
  await database.db.delivery.update({ where: { id: same.id }, data: { addressHash } });
  const refused = {
    ...ended(first, { state: 'bounced', outcome: 'bounced', reply: '550 5.1.1 nobody' }),
    refusal: { kind: 'hard', about: 'address', rule: null } as const,
  };
  const states = await record('w1', [refused], [same, other]);
  expect([states.get(same.id), states.get(other.id)]).toEqual(['cancelled', 'sending']);
  const row = (await ledger(database.db)).find(({ email }) => email === same.email);
  expect(row).toMatchObject({ state: 'cancelled', last_reply: 'suppressed: hard', handed_at: null });
});
