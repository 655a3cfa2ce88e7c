import { beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { cancelEdition, pauseEdition, resumeEdition } from '../../src/db/ledger/edition-acts.ts';
import { recordBatch } from '../../src/db/ledger/record.ts';
import { findLedgerProblems } from '../../src/db/ledger/reconcile.ts';
import type { ClaimedDelivery } from '../../src/model/delivery.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeEdition, makeNewsletter, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
const now = new Date('2026-01-05T12:00:00Z');
const key = 'daily:2026-01-05';
const claim = (limit = 100) => claimDeliveries(database.db, { worker: 'w', limit, now, leaseSeconds: 60 });

beforeEach(() => clearLedger(database.db));

const waitingSessions = async () => {
  const { rowCount } = await database.pool.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rowCount;
};

/** Holds up every claim that sets mails aside, until it is told to go on. */
async function holdWhileParking(): Promise<{ goOn: () => Promise<void>; isHeld: () => Promise<boolean> }> {
  const holder = await database.pool.connect();
  await holder.query(`
    CREATE FUNCTION hold_parking() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END';
    CREATE TRIGGER hold_parking AFTER UPDATE ON deliveries FOR EACH ROW WHEN (NEW.parked AND NOT OLD.parked) EXECUTE FUNCTION hold_parking();
    SELECT pg_advisory_lock(4711)`);
  const goOn = async () => {
    await holder.query('SELECT pg_advisory_unlock(4711)');
    await holder.query('DROP FUNCTION hold_parking CASCADE');
    holder.release();
  };
  return { goOn, isHeld: async () => (await waitingSessions()) === 1 };
}

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

  it('when mails are set aside though it is open, then resuming it once more finds them', async () => {
    await planMany(database.db, 3, key);
    await database.pool.query('UPDATE deliveries SET parked = true');
    expect(await resumeEdition(database.db, key, now)).toEqual({ outcome: 'done', deliveries: 3 });
    expect((await claim()).claimed).toHaveLength(3);
  });

  it('when it is paused after a claim, then the batch before DATA gives the mail back', async () => {
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

describe('an edition that is resumed at the same time', () => {
  const parked = () => database.db.delivery.count({ where: { parked: true } });
  const handOver = async (claimed: readonly ClaimedDelivery[]) => {
    const handing = claimed.map(({ id, attempt }) => ({ id, attempt, messageId: `<${id}@x>` }));
    const states = await recordBatch(database.db, { worker: 'w', now, finished: [], handing });
    return [...states.values()];
  };

  it('when a claim sets its mails aside, then resuming waits for it and finds them', async () => {
    await planMany(database.db, 3, key);
    await pauseEdition(database.db, key);
    const { goOn, isHeld } = await holdWhileParking();
    const claiming = claim();
    await until('the claim is held up', isHeld);
    let isResumed = false;
    const resuming = transaction(database.db, (tx) => resumeEdition(tx, key, now)).then(() => (isResumed = true));
    await until('resuming waits', async () => isResumed || (await waitingSessions()) === 2);
    await goOn();
    expect(await claiming).toMatchObject({ parked: 3 });
    await resuming;
    expect(await parked()).toBe(0);
    expect((await claim()).claimed).toHaveLength(3);
  });

  it('when a claim meets them before that is committed, then none is set aside, and they go once it is', async () => {
    await planMany(database.db, 3, key);
    await pauseEdition(database.db, key);
    const { claimed } = await transaction(database.db, async (tx) => {
      await resumeEdition(tx, key, now);
      return claim();
    });
    expect([claimed.length, await parked()]).toEqual([3, 0]);
    expect(await handOver(claimed)).toEqual(['sending', 'sending', 'sending']);
  });

  it('when that is taken back instead, then what was claimed meanwhile does not go and is set aside by the next claim', async () => {
    await planMany(database.db, 3, key);
    await pauseEdition(database.db, key);
    let claimed: ClaimedDelivery[] = [];
    const taken = transaction(database.db, async (tx) => {
      await resumeEdition(tx, key, now);
      ({ claimed } = await claim());
      throw new Error('taken back');
    });
    await expect(taken).rejects.toThrow('taken back');
    expect(await handOver(claimed)).toEqual(['retrying', 'retrying', 'retrying']);
    expect(await claim()).toMatchObject({ claimed: [], parked: 3 });
  });

  it('when the batch before DATA meets them before that is committed, then they are due again', async () => {
    await planMany(database.db, 3, key);
    const { claimed } = await claim();
    await pauseEdition(database.db, key);
    const states = await transaction(database.db, async (tx) => {
      await resumeEdition(tx, key, now);
      return handOver(claimed);
    });
    expect(states).toEqual(['retrying', 'retrying', 'retrying']);
    expect(await parked()).toBe(0);
    expect((await claim()).claimed).toHaveLength(3);
  });

  it('when another one is paused, then a claim locks neither, and who steers does not wait', async () => {
    await planMany(database.db, 6, key);
    const other = await makeEdition(database.db, 'daily:2026-01-04');
    await database.pool.query('UPDATE deliveries SET edition_id = $1 WHERE id % 2 = 0', [other]);
    await pauseEdition(database.db, 'daily:2026-01-04');
    const { goOn, isHeld } = await holdWhileParking();
    const claiming = claim();
    await until('the claim is held up', isHeld);
    expect(await pauseEdition(database.db, key)).toMatchObject({ outcome: 'done' });
    await goOn();
    expect(await claiming).toMatchObject({ claimed: { length: 3 }, parked: 3 });
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
    ['UPDATE deliveries SET parked = true', 'set aside in an open edition'],
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

  it('when an edition is paused or cancelled, then what was set aside in it is in order', async () => {
    await planMany(database.db, 3, key);
    await pauseEdition(database.db, key);
    expect(await claim()).toMatchObject({ parked: 3 });
    expect(await findLedgerProblems(database.db, since)).toEqual([]);
    await cancelEdition(database.db, key, now);
    expect(await findLedgerProblems(database.db, since)).toEqual([]);
  });

  it('when mails are set aside in an open edition, then the alarm says what makes them due, and it does', async () => {
    await planMany(database.db, 3, key);
    await database.pool.query('UPDATE deliveries SET parked = true');
    const ctx = await testContext(database, { ADMIN_EMAIL: 'operator@example.org' });
    await reconcile(ctx);
    const [alarm] = await database.db.delivery.findMany({ where: { kind: 'alarm' } });
    expect(JSON.stringify(alarm?.payload)).toContain(`offprint editions resume ${key}`);
    await resumeEdition(database.db, key, now);
    expect(await findLedgerProblems(database.db, since)).toEqual([]);
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
