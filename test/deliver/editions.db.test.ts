import { beforeEach, describe, expect, it } from 'vitest';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { cancelEdition, pauseEdition, resumeEdition } from '../../src/db/ledger/edition-acts.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { findLedgerProblems } from '../../src/db/ledger/reconcile.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeEdition, makeNewsletter, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');
const key = 'daily:2026-01-05';
const claim = (limit = 100) => claimDeliveries(database.db, { worker: 'w', limit, now, leaseSeconds: 60 });

beforeEach(() => clearLedger(database.db));

describe('steering an edition', () => {
  it('when it is paused and resumed, then everything goes out after all', async () => {
    await planMany(database.db, 10, key);
    expect(await pauseEdition(database.db, key)).toEqual({ outcome: 'done', deliveries: 10 });
    expect(await pauseEdition(database.db, key)).toEqual({ outcome: 'already' });
    expect(await claim()).toMatchObject({ parked: 10, claimed: [] });
    expect(await resumeEdition(database.db, key, now)).toEqual({ outcome: 'done', deliveries: 10 });
    expect(await resumeEdition(database.db, key, now)).toEqual({ outcome: 'already' });
    expect((await claim()).claimed).toHaveLength(10);
  });

  it('when a claim sets mails aside while it is resumed, then resuming once more finds them', async () => {
    await planMany(database.db, 3, key);
    await database.pool.query('UPDATE deliveries SET parked = true');
    expect(await resumeEdition(database.db, key, now)).toEqual({ outcome: 'done', deliveries: 3 });
    expect((await claim()).claimed).toHaveLength(3);
  });

  it('when it is paused after a claim, then the batch before DATA sets the mail aside', async () => {
    await planMany(database.db, 1, key);
    const { claimed } = await claim();
    await pauseEdition(database.db, key);
    const handing = claimed.map(({ id, attempt }) => ({ id, attempt, messageId: '<x@y>' }));
    const states = await recordBatch(database.db, { worker: 'w', now, finished: [], handing });
    expect([...states.values()]).toEqual(['retrying']);
    await resumeEdition(database.db, key, now);
    expect((await claim()).claimed).toMatchObject([{ attempt: 2, tries: 0 }]);
  });

  it('when it is cancelled, then what waits and what is claimed ends, what is in flight does not, and it stays cancelled', async () => {
    await planMany(database.db, 6, key);
    const [inFlight] = (await claim(2)).claimed;
    if (!inFlight) throw new Error('a claim expected');
    await recordBatch(database.db, { worker: 'w', now, finished: [], handing: [{ ...inFlight, messageId: '<x@y>' }] });
    expect(await cancelEdition(database.db, key, now)).toEqual({ outcome: 'done', deliveries: 5 });
    expect(await countByState(database.db, key)).toMatchObject({ cancelled: 5, sending: 1 });
    expect(await cancelEdition(database.db, key, now)).toEqual({ outcome: 'already' });
    expect(await resumeEdition(database.db, key, now)).toEqual({ outcome: 'cancelled' });
    expect(await pauseEdition(database.db, key)).toEqual({ outcome: 'cancelled' });
  });

  it('when there is no such edition, then it says so', async () => {
    for (const steer of [pauseEdition, resumeEdition, cancelEdition]) {
      expect(await steer(database.db, 'daily:2020-01-01', now)).toEqual({ outcome: 'unknown' });
    }
  });
});

describe('the sums of the ledger', () => {
  const since = new Date('2025-12-01T00:00:00Z');

  it('when every mail has its end and its attempt, then nothing is found', async () => {
    await planMany(database.db, 3, key);
    const { claimed } = await claim();
    const ended = claimed.map(({ id, attempt }, n) => {
      const state = n === 0 ? ('sent' as const) : ('failed' as const);
      return {
        id,
        attempt,
        state,
        outcome: state,
        stage: null,
        reply: 'x',
        nextAttemptAt: null,
        refusal: null,
        counted: true,
      };
    });
    await recordBatch(database.db, { worker: 'w', now, finished: ended, handing: [] });
    expect(await findLedgerProblems(database.db, since)).toEqual([]);
  });

  it.each([
    [
      "UPDATE deliveries SET state = 'sent', finished_at = '2026-01-05', sent_at = '2026-01-05'",
      'sent without an attempt',
    ],
    ["UPDATE deliveries SET state = 'failed'", 'ended without an end'],
    ["UPDATE deliveries SET state = 'sending', lease_until = '2020-01-01'", 'claims nobody took back'],
    ['UPDATE deliveries SET newsletter_id = (SELECT id FROM newsletters)', 'counted twice'],
  ])('when the ledger is damaged (%s), then it is found', async (damage, problem) => {
    await planMany(database.db, 2, key);
    await makeNewsletter(
      database.db,
      (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id,
      await makeEdition(database.db, key),
    );
    await asFixture(database.pool, damage);
    expect((await findLedgerProblems(database.db, since)).map((found) => found.problem)).toContain(problem);
  });

  it('when a newsletter has no delivery, then the operator is told once a day', async () => {
    await makeNewsletter(
      database.db,
      (await makeReader(database.db, JOINED, { email: 'ada@example.org' })).id,
      await makeEdition(database.db, key),
    );
    const ctx = await testContext(database, { ADMIN_EMAIL: 'operator@example.org' });
    expect(await reconcile(ctx)).toEqual({ ledgerProblems: 1, failingEditions: 0 });
    await reconcile(ctx);
    const alarms = await database.db.delivery.findMany({ where: { kind: 'alarm' } });
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toMatchObject({ email: 'operator@example.org', priority: 1 });
  });
});
