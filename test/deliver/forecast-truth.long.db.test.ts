import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { forecast } from '../../src/operate/forecast/forecast.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const HOUR_MS = 3_600_000;
/** The clocks of Berlin go forward in the second night. */
const FIRST = Date.parse('2026-03-27T00:00:00Z');
const DAYS = 3;
const READERS = [
  { count: 30, hour: 10, timeZone: 'Asia/Tokyo' }, // 01:00 UTC
  { count: 50, hour: 8, timeZone: 'Europe/Berlin' }, // 07:00, then 06:00 UTC
  { count: 40, hour: 8, timeZone: 'America/New_York' }, // 12:00 UTC
];

let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.close());

it('when three days go by with a warm-up, a time limit and a change of clocks, then hours and late ones are those foreseen', async () => {
  const settings = { SMTP_URL: smtp.url, WARM_UP: '60,100,110', LATE_HOURS: '5', QUIET_HOURS: '22-5' };
  const ctx = await testContext(database, settings, { composer: () => Promise.resolve(plainComposer()) });
  const joined = new Date(FIRST - HOUR_MS);
  for (const { count, ...schedule } of READERS)
    for (let n = 0; n < count; n++) await makeReader(ctx.db, joined, schedule);
  const foreseen: { hours: Map<number, number>; late: number }[] = [];
  for (let time = FIRST; time < FIRST + DAYS * 24 * HOUR_MS; time += HOUR_MS) {
    ctx.setNow(new Date(time));
    const hour = new Date(time).getUTCHours();
    const day = ctx.now().toISOString().slice(0, 10);
    if (hour === 0) await makeDigest(ctx.db, day, [`One of ${day}`, `Two of ${day}`], ctx.now());
    await runPlan(ctx);
    await runDeliver(ctx);
    await runDeliver(ctx); // for what waited for the places in hand
    if (hour !== 0) continue;
    ctx.setNow(new Date(time + HOUR_MS / 2));
    const { hours, late } = await forecast(ctx, { hours: 23, readers: null });
    foreseen.push({ hours: new Map(hours.map(({ from, sent }) => [from, sent])), late });
  }
  ctx.setNow(new Date(FIRST + DAYS * 24 * HOUR_MS));
  await runDeliver(ctx);
  const { rows } = await database.pool.query<{ slot: Date; sent: Date | null; reason: string | null }>(
    `SELECT n.slot_at AS slot, d.sent_at AS sent, d.end_reason::text AS reason FROM deliveries d JOIN newsletters n ON n.id = d.newsletter_id`,
  );
  expect(rows).toHaveLength(DAYS * 120);
  const told: string[] = [];
  for (const [nth, { hours, late }] of foreseen.entries()) {
    const from = FIRST + nth * 24 * HOUR_MS;
    for (let hour = 1; hour < 24; hour++) {
      const at = from + hour * HOUR_MS;
      const sent = rows.filter(
        ({ sent: when }) => when && Math.floor(when.getTime() / HOUR_MS) * HOUR_MS === at,
      ).length;
      const expected = hours.get(at) ?? 0;
      if (sent > 0 || expected > 0)
        told.push(`day ${nth + 1} hour ${hour}: ${sent} sent, ${expected.toFixed(0)} foreseen`);
      expect(Math.abs(sent - expected)).toBeLessThanOrEqual(0.1 * Math.max(sent, 1));
    }
    const ofDay = rows.filter(({ slot }) => slot.getTime() >= from && slot.getTime() < from + 24 * HOUR_MS);
    const lost = ofDay.filter(({ reason }) => reason === 'late').length;
    told.push(`day ${nth + 1}: ${lost} late, ${late.toFixed(0)} foreseen`);
    expect(Math.abs(lost - late)).toBeLessThanOrEqual(0.05 * lost);
  }
  console.log(told.join('\n'));
  expect(rows.filter(({ reason }) => reason === 'late').length).toBeGreaterThan(50);
});
