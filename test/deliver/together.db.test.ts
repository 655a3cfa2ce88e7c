import { expect, it } from 'vitest';
import { seed } from '../../bench/send/seed.ts';
import { countByState } from '../../src/db/deliveries.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp } from '../support/smtp.ts';
import { plainComposer } from './support.ts';

const database = testDatabase();

it('when two planners and three workers start at once on the same edition, then there is one delivery and one mail a reader', async () => {
  await seed(database.pool, 300);
  await database.pool.query('TRUNCATE newsletters, editions CASCADE');
  await database.pool.query("UPDATE subscribers SET next_due_at = '2026-01-05 08:00Z', confirmed_at = '2026-01-01'");
  const smtp = await startSmtp();
  const open = async () => {
    const ctx = await testContext(
      database,
      { SMTP_URL: smtp.url, SEND_CONNECTIONS: '3' },
      { composer: () => Promise.resolve(plainComposer()) },
    );
    ctx.setNow('2026-01-05T08:05:00Z');
    return ctx;
  };
  let planned = false;
  const work = async () => {
    const ctx = await open();
    for (let last = false; !last;) {
      last = planned; // one more run after the planners are done
      await runDeliver(ctx);
    }
  };
  const plan = async () => runPlan(await open());
  await Promise.all([Promise.all([plan(), plan()]).then(() => (planned = true)), work(), work(), work()]);
  const rows = await database.db.$queryRaw<{ count: number; distinct: number }[]>`
    SELECT count(*)::int AS count, count(DISTINCT subscriber_id)::int AS distinct FROM deliveries WHERE key = 'daily:2026-01-05'`;
  expect(rows[0]).toEqual({ count: 300, distinct: 300 });
  expect(await countByState(database.db)).toMatchObject({ sent: 300, planned: 0 });
  expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(300);
  expect(smtp.mails).toHaveLength(300);
  await smtp.close();
});
