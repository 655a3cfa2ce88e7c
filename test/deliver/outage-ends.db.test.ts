import { beforeEach, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { OUTAGE_WORDS } from '../../src/db/feedback/outage-mails.ts';
import { beginOutage, endOutage } from '../../src/db/feedback/outages.ts';
import { deferClaims } from '../../src/db/ledger/lease.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { letGoIfOver } from '../../src/deliver/claiming/outages.ts';
import { beginRun, noCounts } from '../../src/deliver/sending/sending-run.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { makeReadersAt } from '../world/destinations.ts';
import { makeDigest } from '../world/digests.ts';
import { clearLedger } from '../world/ledger.ts';

const database = testDatabase();
const NOW = new Date('2026-01-05T12:00:00Z');
const LATER = new Date('2026-01-05T13:00:00Z');
const DESTINATION = 'big.example';

beforeEach(() => clearLedger(database.db));

it('when mails are set aside while their outage is being ended, then they are due as well', async () => {
  const { db, pool } = database;
  const [paper] = await makeDigest(db, '2026-01-05', ['A paper'], new Date('2026-01-05T00:00:00Z'));
  await makeReadersAt(database, { domain: DESTINATION, count: 3, proven: 3, tookAt: NOW, edition: 'daily', paper });
  const opened = { beganAt: NOW, refusedAt: NOW, probeAt: LATER, byReport: false, reply: '550 5.1.1 unknown' };
  await beginOutage(db, { destination: DESTINATION, ...opened });
  const ctx = await testContext(database);
  ctx.setNow(NOW);
  const run = beginRun(ctx, 'one', { probe: false, counts: noCounts() });
  const { claimed } = await claimDeliveries(db, { worker: 'one', limit: 10, now: NOW, leaseSeconds: 60 });
  expect(claimed).toHaveLength(3);

  let isLet = false;
  const { letting } = await transaction(db, async (tx) => {
    expect(await endOutage(tx, DESTINATION, NOW, false)).toMatchObject({ waited: 0 });
    await deferClaims(
      db,
      'one',
      claimed.map(({ id }) => ({ id, until: LATER, reason: OUTAGE_WORDS })),
    );
    const waiting = claimed.map((delivery) => ({ delivery }));
    const done = letGoIfOver(run, waiting).then(() => (isLet = true));
    await until('the end is waited for', async () => isLet || (await isHeldUp()));
    return { letting: done };
  });
  await letting;
  const { rows } = await pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM deliveries WHERE key = 'daily' AND next_attempt_at <= $1",
    [NOW],
  );
  expect(rows).toEqual([{ count: 3 }]);
});

async function isHeldUp(): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rowCount === 1;
}
