import { expect, test } from 'vitest';
import { localHour } from '../../src/lib/time.ts';
import { sensibleInstant } from '../../src/subscribers/sensible-hours.ts';

test.each([
  ['2026-01-05T10:00:00Z', 'Europe/Berlin', '2026-01-05T10:00:00.000Z'], // 11:00: now
  ['2026-01-05T02:30:00Z', 'Europe/Berlin', '2026-01-05T08:00:00.000Z'], // 03:30: 09:00 the same day
  ['2026-01-05T19:00:00Z', 'Europe/Berlin', '2026-01-06T08:00:00.000Z'], // 20:00: the next morning
  ['2026-01-05T18:59:59Z', 'Europe/Berlin', '2026-01-05T18:59:59.000Z'], // 19:59
  ['2026-01-05T14:00:00Z', 'Asia/Kolkata', '2026-01-05T14:00:00.000Z'], // 19:30
  ['2026-01-05T15:00:00Z', 'Asia/Kolkata', '2026-01-06T03:30:00.000Z'], // 20:30
  ['2026-01-05T08:00:00Z', 'America/Los_Angeles', '2026-01-05T17:00:00.000Z'], // midnight
  ['2026-01-05T10:00:00Z', 'Pacific/Kiritimati', '2026-01-05T19:00:00.000Z'], // midnight at +14
  ['2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T07:00:00.000Z'], // the night of the clock change
  ['2026-01-05T03:00:00Z', 'No/Such_Zone', '2026-01-05T09:00:00.000Z'], // as UTC
])('when it is %s in %s, then a mail that nobody waits for comes at %s', (now, zone, expected) => {
  expect(sensibleInstant(new Date(now), zone).toISOString()).toBe(expected);
});

test('when a year of instants and all zones are tried, then it is always day, and soon', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((_, at) => at % 7 === 0);
  for (let hours = 0; hours < 24 * 365; hours += 37) {
    const now = new Date(Date.UTC(2026, 0, 1, hours, 17));
    for (const zone of zones) {
      const at = sensibleInstant(now, zone);
      const wait = at.getTime() - now.getTime();
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(14 * 3_600_000); // 13, and one where a clock goes back
      expect([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]).toContain(localHour(at, zone));
    }
  }
});
