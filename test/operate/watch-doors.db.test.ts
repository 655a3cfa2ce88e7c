import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { testDoors } from '../../src/operate/feedback/test-doors.ts';
import { doorTroubles } from '../../src/operate/alarms/door-troubles.ts';
import { isSilent, watchDoors } from '../../src/operate/feedback/watch-doors.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeEdition } from '../world/mails.ts';
import { asFixture } from '../support/wall.ts';
import { startWeb } from '../http/web-server.ts';

const database = testDatabase();
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const open: { close(): unknown }[] = [];

beforeEach(() => clearLedger(database.db));
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a test of the doors', () => {
  it('when they are open, then its report is heard by each and changes nothing', async () => {
    const port = await freePort();
    const settings = { BOUNCE_DOMAIN: 'bounces.example.org', BOUNCE_SMTP_PORT: String(port), WEBHOOK_SECRET: SECRET };
    const inside = await testContext(database, settings);
    const web = await startWeb(inside, 0, { takeIn: takeIn(inside) });
    const ctx = { ...inside, config: { ...inside.config, PUBLIC_URL: web.base } };
    open.push(web, await openSmtpDoor(ctx, takeIn(ctx)));
    const tested = await testDoors(ctx, 'cli', 10_000);
    expect(tested.map(({ door, outcome }) => [door, outcome])).toEqual([
      ['smtp', 'heard'],
      ['webhook', 'heard'],
    ]);
    expect(await database.db.suppression.count()).toBe(0);
    expect(await database.db.feedbackReport.count({ where: { waits: true } })).toBe(0);
    expect(await database.db.feedbackEvent.count({ where: { effect: 'filed' } })).toBe(2);
  });

  it('when one is closed, then it is told as long as it is, tried each ten minutes, and ends once it hears', async () => {
    const port = await freePort();
    const settings = { BOUNCE_DOMAIN: 'bounces.example.org', BOUNCE_SMTP_PORT: String(port) };
    const ctx = await testContext(database, settings);
    const tried = async (time: string) => {
      ctx.setNow(`2027-03-${time}Z`);
      return (await watchDoors(ctx))['silentDoors'];
    };
    const tests = () => database.db.auditEntry.count({ where: { subject: 'doors', action: 'feedback.test' } });
    const before = await tests();
    expect(await tried('01T12:00:00')).toBe(1);
    expect(await doorTroubles(ctx)).toMatchObject([
      {
        ...{ code: 'bounces-silent', about: 'smtp', type: 'offprint feedback test' },
        happened: 'Bounces do not come in by smtp: a test report was sent there and did not come',
      },
    ]);
    expect([await tried('01T12:09:00'), await tests()]).toEqual([0, before + 1]);
    expect([await tried('01T12:10:00'), await tests()]).toEqual([1, before + 2]);
    open.push(await openSmtpDoor(ctx, takeIn(ctx)));
    expect([await tried('01T12:20:00'), await tests()]).toEqual([0, before + 3]);
    expect(await doorTroubles(ctx)).toEqual([]);
    expect([await tried('02T12:19:00'), await tests()]).toEqual([0, before + 3]); // once a day again
    expect([await tried('02T12:20:00'), await tests()]).toEqual([0, before + 4]);
    expect(await doorTroubles(await testContext(database))).toEqual([]); // a door that is not set is not missed
  });
});

describe('silence', () => {
  it.each([
    [false, 50, 30, true],
    [true, 50, 30, false],
    [false, 49, 30, false],
    [false, 9, 3, true],
  ])(
    'when anything came of three editions: %s, and %i of the %i before, then it is told: %s',
    (heard, before, editions, told) => {
      const lastAt = new Date('2026-01-01');
      expect(isSilent({ since: lastAt, heard, before, editions, lastAt })).toBe(told);
    },
  );

  it('when the reports of three editions do not come, then that is told, since when, until one comes', async () => {
    const ctx = await testContext(database);
    for (let day = 1; day <= 13; day++) {
      const on = `2026-01-${String(day).padStart(2, '0')}`;
      const id = await makeEdition(database.db, `daily:${on}`);
      await database.db.edition.update({ where: { id }, data: { createdAt: new Date(`${on}T08:00:00Z`) } });
      await asFixture(
        database.pool,
        `INSERT INTO deliveries (kind, key, edition_id, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
         VALUES ('link', $1, $2, 'en', 1, 1, 'sent', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01')`,
        [on, id],
      );
      if (day <= 10) await cameOn(on, 2);
    }
    ctx.setNow(new Date('2026-01-13T12:00:00Z'));
    expect(await doorTroubles(ctx)).toMatchObject([
      {
        ...{ code: 'bounces-silent', about: 'editions' },
        happened: 'Bounces have stopped coming back: last one 3 days ago',
        does: 'Of the last three editions nothing came back; the 30 days before let expect 6 reports.',
      },
    ]);
    await cameOn('2026-01-13', 1);
    expect(await doorTroubles(ctx)).toEqual([]);
  });
});

async function cameOn(day: string, count: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO feedback_events (door, kind, counts_on, at, effect)
     SELECT 'smtp', 'soft', $1::date, $1::date + interval '10 hours', 'unplaced' FROM generate_series(1, $2::int)`,
    [day, count],
  );
}
