import { beforeEach, describe, expect, it } from 'vitest';
import { DELIVERY_STATES, type DeliveryState } from '../../src/model/delivery.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
beforeEach(() => clearLedger(database.db));

/** Written out once more, so that a slip in the model's own table is seen. */
const LEGAL = new Set(
  [
    'planned ▸ sending, planned ▸ retrying, planned ▸ cancelled, planned ▸ failed',
    'sending ▸ sent, sending ▸ retrying, sending ▸ bounced, sending ▸ failed, sending ▸ uncertain, sending ▸ cancelled',
    'retrying ▸ sending, retrying ▸ cancelled, retrying ▸ failed, retrying ▸ uncertain, retrying ▸ sent',
    'bounced ▸ retrying, failed ▸ retrying, cancelled ▸ retrying, cancelled ▸ planned',
    'uncertain ▸ retrying, uncertain ▸ sent, uncertain ▸ bounced, uncertain ▸ failed',
  ].flatMap((line) => line.split(', ')),
);
const ENDS: readonly DeliveryState[] = ['bounced', 'failed', 'uncertain', 'cancelled'];
const reason = (state: DeliveryState) => (ENDS.includes(state) ? 'late' : null);
const moves = DELIVERY_STATES.flatMap((from) =>
  DELIVERY_STATES.filter((to) => to !== from).map((to) => ({ from, to, legal: LEGAL.has(`${from} ▸ ${to}`) })),
);
const set = 'UPDATE deliveries SET state = $1, end_reason = $2';

describe('the wall around the ledger', () => {
  it.each(moves)('$from ▸ $to: legal is $legal', async ({ from, to, legal }) => {
    await planMany(database.db, 1);
    await asFixture(database.pool, set, [from, reason(from)]);
    const move = database.pool.query(set, [to, reason(to)]);
    if (legal) await move;
    else await expect(move).rejects.toThrow(`a delivery may not move so: ${from} ▸ ${to}`);
    expect((await ledger(database.db))[0]?.state).toBe(legal ? to : from);
  });

  it.each(DELIVERY_STATES)('when a mail begins as %s, then it is refused unless it is planned', async (state) => {
    const insert = database.pool.query(
      `INSERT INTO deliveries (kind, key, language, key_id, generation, state, end_reason, next_attempt_at, created_at)
       VALUES ('link', 'k', 'en', 1, 1, $1, $2, now(), now())`,
      [state, reason(state)],
    );
    if (state === 'planned') await insert;
    else await expect(insert).rejects.toThrow(`a delivery may not begin so: ${state}`);
  });

  it.each(ENDS)('when a mail ends as %s, then it must say why, and nothing else may', async (state) => {
    await planMany(database.db, 1);
    await asFixture(database.pool, "UPDATE deliveries SET state = 'sending'");
    await expect(database.pool.query(set, [state, null])).rejects.toThrow('may not end without a reason');
    await expect(database.pool.query(set, ['retrying', 'late'])).rejects.toThrow('deliveries_reason_once_ended');
    await database.pool.query(set, [state, 'late']);
    await expect(database.pool.query('UPDATE deliveries SET parked = true')).rejects.toThrow(
      'deliveries_parked_while_waiting',
    );
  });
});
