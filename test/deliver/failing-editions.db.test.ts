import { beforeEach, expect, it } from 'vitest';
import { reconcile } from '../../src/operate/reconcile.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const edition = 'daily:2026-01-05';

beforeEach(() => clearLedger(database.db));

async function alarmsAfter(readers: number, failed: number, state = 'failed'): Promise<string[]> {
  await planMany(database.db, readers, edition);
  await database.pool.query("UPDATE editions SET created_at = '2026-01-05'");
  await asFixture(
    database.pool,
    `UPDATE deliveries SET state = (CASE WHEN id IN (SELECT id FROM deliveries ORDER BY id LIMIT $1) THEN $2 ELSE 'cancelled' END)::delivery_state,
      end_reason = 'late', last_reply = '452 4.3.1 no room', finished_at = '2026-01-05'
     WHERE id IN (SELECT id FROM deliveries ORDER BY id LIMIT $1)`,
    [failed, state],
  );
  const ctx = await testContext(database, { ADMIN_EMAIL: 'operator@example.org' });
  await reconcile(ctx);
  await reconcile(ctx);
  const alarms = await database.db.delivery.findMany({ where: { kind: 'alarm' } });
  return alarms.map(({ payload }) => JSON.stringify(payload));
}

it('when more than a share of an edition fails, then the operator is told once, with the words most of them heard and what to type', async () => {
  const alarms = await alarmsAfter(50, 4);
  expect(alarms).toHaveLength(1);
  expect(alarms[0]).toContain('4 of 50 mails of daily:2026-01-05 did not arrive');
  expect(alarms[0]).toContain('452 4.3.1 no room');
  expect(alarms[0]).toContain('offprint resend --edition daily:2026-01-05 --only failed');
});

it('when a lab of ten readers bounces, then that is told too', async () => {
  expect(await alarmsAfter(10, 10, 'bounced')).toEqual([expect.stringContaining('--only bounced')]);
});

it('when few of many fail, or one or two of few, then nobody is told', async () => {
  expect(await alarmsAfter(200, 10)).toEqual([]);
  await clearLedger(database.db);
  expect(await alarmsAfter(10, 2)).toEqual([]);
});
