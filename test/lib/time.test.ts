import { describe, expect, test } from 'vitest';
import { addDays, daysBetween, isTimeZone, localDate, slotInstant, weekdayOf } from '../../src/lib/time.ts';

describe('slotInstant', () => {
  test.each([
    ['an ordinary day', '2026-01-05', 8, 'Europe/Berlin', '2026-01-05T07:00:00.000Z'],
    ['a skipped hour: the clock change itself', '2026-03-29', 2, 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['a repeated hour: the first', '2026-10-25', 2, 'Europe/Berlin', '2026-10-25T00:00:00.000Z'],
    ['a gap of half an hour', '2026-10-04', 2, 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['a gap at midnight', '2026-09-06', 0, 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['a zone with 45 minutes', '2026-01-05', 8, 'Asia/Kathmandu', '2026-01-05T02:15:00.000Z'],
  ])('%s', (_name, date, hour, zone, expected) => {
    expect(slotInstant(date, hour, zone)?.toISOString()).toBe(expected);
  });

  test('when the zone skipped the date, then there is none', () => {
    expect(slotInstant('2011-12-30', 8, 'Pacific/Apia')).toBeNull();
    expect(slotInstant('2011-12-31', 8, 'Pacific/Apia')?.toISOString()).toBe('2011-12-30T18:00:00.000Z');
  });
});

test('local dates, weekdays and spans', () => {
  expect(localDate(new Date('2026-01-01T02:00:00Z'), 'America/New_York')).toBe('2025-12-31');
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(weekdayOf('2026-01-05')).toBe(1);
  expect(daysBetween('2026-03-01', '2026-02-22')).toBe(-7);
});

test('time zones: known ones pass, anything else does not', () => {
  for (const known of ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Calcutta']) expect(isTimeZone(known)).toBe(true);
  for (const wrong of ['', 'Mars/Olympus', '+02:00', 'Europe/Berlin; DROP TABLE', '../etc/passwd'])
    expect(isTimeZone(wrong)).toBe(false);
});
