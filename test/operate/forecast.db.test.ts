import { beforeEach, expect, test } from 'vitest';
import { forecastAnswer, forecastView } from '../../src/api/schemas/forecast.ts';
import { noteNothing } from '../../src/db/newsletters/nothing.ts';
import { changeSetting } from '../../src/operate/change-setting.ts';
import { forecast } from '../../src/operate/forecast/forecast.ts';
import { runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
const NOW = '2026-03-28T06:30:00Z';

beforeEach(
  () =>
    database.db
      .$executeRaw`CALL empty_tables('deliveries, newsletters, editions, subscribers, suppressions, attempts, sending_days, edition_nothing, edition_nothing_readers, settings, audit_log')`,
);

/** Makes confirmed readers who are all due at one slot. */
async function readers(
  count: number,
  destination: string,
  dueAt: string,
  { hour = 8, timeZone = 'UTC', cadence = 'daily' } = {},
) {
  await database.pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, next_due_at, created_at, confirmed_at)
     SELECT left(md5($2 || n || $3), 20), 'reader' || n || '-' || replace($4, '/', '-') || '@' || $2, decode(md5($2 || n || $4), 'hex'), 'confirmed', $6::cadence, 1, $5::int, $4, 10, 'en', $3::timestamptz, now(), now()
     FROM generate_series(1, $1::int) n`,
    [count, destination, dueAt, timeZone, hour, cadence],
  );
}

/** Makes mails that left on the day before: three minutes of so many each, of which the one in the middle was full. */
async function sent(perMinute: number) {
  await database.pool.query(`INSERT INTO editions (id, key, created_at) VALUES (1, 'daily:2026-03-27', '2026-03-27')`);
  await asFixture(
    database.db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, state, next_attempt_at, created_at)
     SELECT 'newsletter', 'x' || n, 'en', 1, 1, 1, 'sent', now(), now() FROM generate_series(1, 3 * $1::int) n`,
    [perMinute],
  );
  await asFixture(
    database.db,
    `INSERT INTO attempts (delivery_id, attempt, worker, outcome, at)
     SELECT id, 1, 'w', 'sent', timestamptz '2026-03-27T08:00:30Z' + (row_number() OVER () % 3) * interval '1 minute' FROM deliveries`,
    [],
  );
}

/** Makes newsletters that wait for a second try. */
async function waiting(of: string, lateAt: string) {
  await asFixture(
    database.db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, subscriber_id, email, state, next_attempt_at, late_at, created_at)
     SELECT 'newsletter', 'daily:2026-03-27', 'en', 1, 1, 1, id, email, 'retrying', now(), $2::timestamptz, now() FROM subscribers WHERE email LIKE $1`,
    [of, lateAt],
  );
}

async function foresee(settings: Record<string, string>, wish = {}, now = NOW) {
  const ctx = await testContext(database, settings);
  ctx.setNow(now);
  return forecastAnswer.parse(forecastView(await forecast(ctx, { hours: 24, readers: null, ...wish })));
}

test('when a destination is slow, then who is due, who waits and who is late stand hour by hour, with the setting that helps', async () => {
  await readers(340, 'gmail.com', '2026-03-28T08:00:00Z');
  await readers(20, 'example.org', '2026-03-28T08:00:00Z');
  const settings = { DOMAIN_RATE_PER_MINUTE: '2', LATE_HOURS: '2' };
  const told = await foresee(settings);
  expect(told.destinations).toMatchObject([
    {
      destination: 'gmail.com',
      at: '2026-03-28T08:00:00.000Z',
      due: 340,
      minutes: 170,
      late: 100,
      heldBy: 'DOMAIN_RATE_PER_MINUTE',
      perMinute: 2,
      help: 'DOMAIN_RATE_PER_MINUTE=3',
    },
    { destination: 'example.org', due: 20, minutes: 9, late: 0, help: null },
  ]);
  expect(told.hours.map(({ due, sent, late, waiting }) => [due, sent, late, waiting])).toEqual([
    [360, 140, 0, 220],
    [0, 120, 0, 100],
    [0, 0, 100, 0],
  ]);
  expect(await foresee({ ...settings, DOMAIN_RATE_PER_MINUTE: '3' })).toMatchObject({ late: 0 });
  const double = await foresee(settings, { readers: 720 });
  expect(double).toMatchObject({ readers: 720, due: 720, late: 440 });
});

test('when clocks change in the night, then the slots of the second day come by the new time', async () => {
  await readers(5, 'example.org', '2026-03-28T07:00:00Z', { timeZone: 'Europe/Berlin' });
  await readers(3, 'example.org', '2026-03-28T08:00:00Z', { cadence: 'weekdays' });
  const { hours } = await foresee({}, { hours: 47 });
  expect(hours.map(({ from, due }) => [from, due])).toEqual([
    ['2026-03-28T07:00:00.000Z', 5],
    ['2026-03-28T08:00:00.000Z', 3],
    ['2026-03-29T06:00:00.000Z', 5],
  ]);
});

test('when mails wait already, quiet hours are kept, readers are suppressed or paused, then all of it counts', async () => {
  await readers(10, 'example.org', '2026-03-28T05:00:00Z', { hour: 5 }); // due and not planned yet
  await readers(10, 'asia.example', '2026-03-28T23:00:00Z', { hour: 8, timeZone: 'Asia/Tokyo' });
  await database.pool.query(
    `INSERT INTO suppressions (address_hash, reason, at) SELECT address_hash, 'hard', now() FROM subscribers WHERE email LIKE 'reader1-%'`,
  );
  await database.pool.query(`UPDATE subscribers SET paused_until = '2026-04-01' WHERE email LIKE 'reader2-%'`);
  await database.pool.query(`INSERT INTO editions (id, key, created_at) VALUES (1, 'daily:2026-03-27', '2026-03-27')`);
  await waiting('reader3-UTC%', '2026-03-28T10:00:00Z');
  const told = await foresee({ QUIET_HOURS: '22-8' });
  // Those due at five are past the hour of their slot, so they wait with the one that waits until eight.
  expect(told.hours.map(({ from, due, sent }) => [from.slice(11, 13), due, sent])).toEqual([
    ['06', 9, 0],
    ['07', 0, 0],
    ['08', 0, 9],
    ['23', 8, 8],
    ['05', 8, 8], // in the hour of their slot nobody is left alone
  ]);
});

test('when days tell a speed and how many slots bring a newsletter, then both are taken for the next', async () => {
  await readers(100, 'example.org', '2026-03-28T08:00:00Z');
  await sent(10);
  const without = (subscriberId: number, reason: 'none-fits' | 'no-news') => ({ subscriberId, reason });
  const nothing = [1, 2, 3, 4, 5, 6].map((id) => without(id, id < 3 ? 'no-news' : 'none-fits'));
  const editionKey = 'daily:2026-03-27';
  await noteNothing(
    database.db,
    nothing.map((one) => ({ ...one, editionKey })),
    new Date('2026-03-27T08:00:00Z'),
  );
  // What an older version planned was counted, and not named.
  await database.pool.query(`INSERT INTO edition_nothing (edition_key, shard, n) VALUES ($1, 0, 4)`, [editionKey]);
  expect(await foresee({})).toMatchObject({
    speed: 10,
    share: 0.75,
    due: 75,
    destinations: [{ minutes: 7, heldBy: 'speed' }],
  });
  const warm = await foresee({ WARM_UP: '10,20,30', LATE_HOURS: '6' });
  expect(warm).toMatchObject({ late: 65, destinations: [{ heldBy: 'WARM_UP' }] });
});

test('when a limit held the mails of the last days, then it is the limit that holds the next, and once it is raised nothing does', async () => {
  await readers(340, 'gmail.com', '2026-03-28T08:00:00Z');
  await readers(200, 'example.org', '2026-03-28T08:00:00Z');
  await sent(2);
  const ctx = await testContext(database, { LATE_HOURS: '2' });
  const told = async () => forecastAnswer.parse(forecastView(await forecast(ctx, { hours: 24, readers: null })));
  ctx.setNow('2026-03-26T06:30:00Z');
  await changeSetting(ctx, 'DOMAIN_RATE_PER_MINUTE', '2', 'cli');
  ctx.setNow(NOW);
  const held = await told();
  expect(held).toMatchObject({ speed: 2, late: 100 });
  expect(held.destinations).toMatchObject([
    { destination: 'gmail.com', heldBy: 'DOMAIN_RATE_PER_MINUTE', late: 100, help: 'DOMAIN_RATE_PER_MINUTE=3' },
    { destination: 'example.org', minutes: 99, heldBy: 'DOMAIN_RATE_PER_MINUTE', late: 0 }, // beside the other one
  ]);
  await changeSetting(ctx, 'DOMAIN_RATE_PER_MINUTE', '3', 'cli');
  expect(await told()).toMatchObject({ speed: null, share: 1, late: 0 });
  // Left to the program again there is no limit at all, and no speed of the time when there was one.
  await changeSetting(ctx, 'DOMAIN_RATE_PER_MINUTE', null, 'cli');
  expect(await told()).toMatchObject({ speed: null, late: 0, destinations: [] });
});

test('when nothing was planned for days, then who is due counts for the latest slot alone, and for those to come', async () => {
  await readers(5, 'example.org', '2026-03-25T08:00:00Z');
  const { hours } = await foresee({ LATE_HOURS: '168' });
  expect(hours.map(({ from, due, sent: left }) => [from, due, left])).toEqual([
    ['2026-03-28T06:00:00.000Z', 5, 5],
    ['2026-03-28T08:00:00.000Z', 5, 5],
  ]);
});

test('when what waits is late at half past, or at a welcome’s minute, then it has until then', async () => {
  await readers(2, 'example.org', '2026-03-29T02:30:00Z', { timeZone: 'Asia/Kolkata' });
  await database.pool.query(`INSERT INTO editions (id, key, created_at) VALUES (1, 'daily:2026-03-27', '2026-03-27')`);
  await waiting('reader1-%', '2026-03-28T10:30:00Z');
  await waiting('reader2-%', '2026-03-28T10:07:00Z');
  expect(await foresee({}, { hours: 2 }, '2026-03-28T10:05:00Z')).toMatchObject({ due: 2, late: 0, destinations: [] });
  const late = await foresee({}, { hours: 2 }, '2026-03-28T10:30:00Z');
  expect(late).toMatchObject({ due: 2, late: 2, destinations: [{ minutes: 0 }] });
});

test('when the command foresees, then it says who is late by its exit code, as one object or in words', async () => {
  await readers(340, 'gmail.com', '2026-03-28T08:00:00Z');
  const run = (settings: Record<string, string>, ...args: string[]) =>
    runCli(['forecast', '--now', NOW, ...args], { url: database.url, settings });
  const tight = await run({ DOMAIN_RATE_PER_MINUTE: '2', LATE_HOURS: '2' });
  expect([tight.code, tight.stdout]).toEqual([
    1,
    expect.stringContaining(
      '340 at gmail.com due 08:00 need 170 minutes at 2 a minute; 100 will be late. Helps: DOMAIN_RATE_PER_MINUTE=3',
    ) as string,
  ]);
  const wide = await run({}, '--json');
  expect([wide.code, forecastAnswer.parse(wide.json()[0]).late]).toEqual([0, 0]);
});
