import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { makeReadersAt } from '../world/destinations.ts';
import { makeDigest } from '../world/digests.ts';
import { clearLedger } from '../world/ledger.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const NOON = Date.parse('2026-01-05T12:00:00Z');
const DAY_MS = 86_400_000;
const PROVEN = 20_000;
const NEW = 500;
let smtp: TestSmtp;
let ctx: TestContext;

beforeAll(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '10', ADMIN_EMAIL: 'operator@elsewhere.example' },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  const [paper] = await makeDigest(database.db, '2026-01-05', ['A paper'], new Date('2026-01-05T00:00:00Z'));
  const took = { proven: PROVEN, tookAt: new Date(NOON - 3 * DAY_MS) };
  await makeReadersAt(database, { domain: 'mail.example', count: PROVEN + NEW, ...took, edition: EDITION, paper });
  await database.pool.query('ANALYZE');
}, 120_000);
afterAll(() => smtp.close());

const numberOf = (to: string) => Number(/^reader(\d+)@/.exec(to)?.[1]);

/** A provider that knows nobody of every second reader. */
async function at(minutes: number, errs: boolean): Promise<void> {
  ctx.setNow(new Date(NOON + minutes * 60_000));
  smtp.modeFor = (to) => (errs && numberOf(to) % 2 === 0 ? '5xx-rcpt' : 'ok');
  await runDeliver(ctx);
}

it('when a provider refuses half of 20,000 proven and 500 new readers for two hours, then no proven one is lost', async () => {
  for (let minutes = 0; minutes <= 120; minutes += 10) await at(minutes, true);
  for (let minutes = 130; minutes <= 250; minutes += 10) await at(minutes, false);
  const { rows } = await database.pool.query<{ proven: boolean; state: string; count: number }>(
    `SELECT substring(email from '^reader(\\d+)')::int <= $2 AS proven, state, count(*)::int AS count FROM deliveries
     WHERE key = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [EDITION, PROVEN],
  );
  expect(rows).toEqual([
    { proven: false, state: 'sent', count: NEW / 2 },
    { proven: false, state: 'bounced', count: NEW / 2 },
    { proven: true, state: 'sent', count: PROVEN },
  ]);
  expect(await database.db.suppression.count()).toBe(NEW / 2);
  expect(await database.db.addressStanding.count()).toBe(0);
  const got = smtp.mails.filter(({ to }) => to.endsWith('@mail.example'));
  expect(new Set(got.map(({ to }) => to)).size).toBe(got.length); // nobody twice
  const alarms = await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } });
  expect(alarms.map(({ key }) => key.split(':', 2)[0])).toEqual(['refusals', 'refusals-over']);
}, 900_000);
