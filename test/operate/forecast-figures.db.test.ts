import { beforeEach, expect, test } from 'vitest';
import { forecastAnswer, forecastView } from '../../src/api/schemas/forecast.ts';
import { noteNothing } from '../../src/db/newsletters/nothing.ts';
import { changeSetting } from '../../src/operate/change-setting.ts';
import { forecast } from '../../src/operate/forecast/forecast.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { forecastWorld, NOW } from './forecast-world.ts';

const database = testDatabase();
const { empty, readers, edition, sent, foresee } = forecastWorld(database);
const SLOT = '2026-03-28T08:00:00Z';

beforeEach(empty);

/** Minutes of a day of which the first had all destinations in it, and then one was left. */
function tailOf(perMinute: number, fastest = perMinute * 3): number[] {
  return [fastest, ...Array.from({ length: 12 }, () => perMinute)];
}

test('when days tell a speed and how many slots bring a newsletter, then both are taken for the next', async () => {
  await readers(100, 'example.org', SLOT);
  await sent([10, 10, 10]);
  const editionKey = 'daily:2026-03-27';
  await noteNothing(
    database.db,
    [1, 2, 3, 4, 5, 6].map((subscriberId) => ({ subscriberId, editionKey, reason: 'none-fits' })),
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
  await readers(340, 'gmail.com', SLOT);
  await readers(200, 'example.org', SLOT);
  await sent(tailOf(2));
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

test('when a limit brought the speed about, then connections to a destination are no share of it', async () => {
  await readers(340, 'gmail.com', SLOT);
  await readers(1, 'example.org', SLOT);
  await sent(tailOf(9));
  const connections = { LATE_HOURS: '2', SEND_CONNECTIONS: '10', DOMAIN_CONNECTIONS: '2' };
  // A fifth of nine a minute were 216 in two hours.
  const told = await foresee({ ...connections, DOMAIN_RATE_PER_MINUTE: '10' });
  expect(told).toMatchObject({ speed: 9, late: 0 });
  expect(told.destinations).toMatchObject([
    { destination: 'gmail.com', minutes: 33, heldBy: 'DOMAIN_RATE_PER_MINUTE', perMinute: 10 },
  ]);
  expect(await foresee(connections)).toMatchObject({
    ...{ speed: 9, late: 124 },
    destinations: [{ destination: 'gmail.com', heldBy: 'DOMAIN_CONNECTIONS', perMinute: 1.8 }],
  });
});

test('when SEND_RATE_PER_SECOND brought the speed about, then connections to a destination are no share of that either', async () => {
  await readers(60, 'gmail.com', SLOT);
  await sent([54, 54, 54]);
  const connections = { SEND_CONNECTIONS: '10', DOMAIN_CONNECTIONS: '2' };
  expect(await foresee(connections)).toMatchObject({ destinations: [{ heldBy: 'DOMAIN_CONNECTIONS' }] });
  const told = await foresee({ ...connections, SEND_RATE_PER_SECOND: '1' });
  expect(told).toMatchObject({ speed: 54, destinations: [] });
});

test('when the server itself is about as fast as one destination may be, then it holds all of them together', async () => {
  const destinations = ['gmail.com', 'gmx.de', 'outlook.com', 'web.de', 'example.org'];
  for (const destination of destinations) await readers(60, destination, SLOT);
  // Never was it a quarter faster than that: some minutes always are a little.
  await sent(tailOf(9, 11));
  const settings = { LATE_HOURS: '1', DOMAIN_RATE_PER_MINUTE: '10' };
  expect(await foresee(settings)).toMatchObject({ late: 0, destinations: [{ destination: '*', heldBy: 'speed' }] });
  expect(await foresee(settings, { readers: 600 })).toMatchObject({ speed: 9, due: 600, late: 60 });
});

test('when all readers are at one destination, then its limit was what its mails left by', async () => {
  await readers(340, 'gmail.com', SLOT);
  await sent([2, 2, 2]);
  const told = await foresee({ LATE_HOURS: '2', DOMAIN_RATE_PER_MINUTE: '2' });
  expect(told).toMatchObject({ speed: 2, late: 100, destinations: [{ heldBy: 'DOMAIN_RATE_PER_MINUTE' }] });
});

test('when hardly anybody gets a newsletter at weekends, then those of a Monday are foreseen by the weekdays before', async () => {
  await readers(300, 'gmail.com', '2026-03-30T08:00:00Z');
  for (const day of [23, 24, 25, 26, 27])
    await edition(`daily:2026-03-${day}`, `2026-03-${day}T08:00:00Z`, { got: 18, nothing: 2 });
  for (const day of [28, 29])
    await edition(`daily:2026-03-${day}`, `2026-03-${day}T08:00:00Z`, { got: 1, nothing: 19 });
  // What a few had for themselves says nothing of the others.
  for (const week of [13, 14]) await edition(`weekly:2026-W${week}`, '2026-03-23T09:00:00Z', { got: 1 });
  const told = await foresee({ LATE_HOURS: '2', DOMAIN_RATE_PER_MINUTE: '2' }, {}, '2026-03-30T06:30:00Z');
  expect(told).toMatchObject({ share: 0.9, due: 270, late: 30 });
});

test('when most weekly readers get theirs, then of the daily ones no more are foreseen for that', async () => {
  await readers(100, 'gmail.com', SLOT);
  await readers(40, 'example.org', SLOT, { cadence: 'weekly' });
  for (const day of [24, 25, 26, 27])
    await edition(`daily:2026-03-${day}`, `2026-03-${day}T08:00:00Z`, { got: 10, nothing: 10 });
  await edition('weekly:2026-W13', '2026-03-23T09:00:00Z', { got: 9, nothing: 1 });
  expect(await foresee({})).toMatchObject({ share: 0.5, due: 86 });
});
