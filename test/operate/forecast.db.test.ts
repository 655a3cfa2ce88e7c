import { beforeEach, expect, test } from 'vitest';
import { forecastAnswer } from '../../src/api/schemas/forecast.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { forecastWorld, NOW } from './forecast-world.ts';

const database = testDatabase();
const { empty, readers, foresee } = forecastWorld(database);

beforeEach(empty);

/** Makes newsletters that wait for a second try. */
async function waiting(of: string, lateAt: string) {
  await asFixture(
    database.db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, subscriber_id, email, state, next_attempt_at, late_at, created_at)
     SELECT 'newsletter', 'daily:2026-03-27', 'en', 1, 1, 1, id, email, 'retrying', now(), $2::timestamptz, now() FROM subscribers WHERE email LIKE $1`,
    [of, lateAt],
  );
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
