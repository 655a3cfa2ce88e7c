import { describe, expect, it } from 'vitest';
import { quietUntil } from '../../../src/deliver/claiming/quiet-hours.ts';

const NIGHT = { from: 22, to: 7 };
const until = (now: string, timeZone: string, hours = NIGHT, slotAt: string | null = null) =>
  quietUntil(new Date(now), hours, { timeZone, slotAt: slotAt === null ? null : new Date(slotAt) })?.toISOString();

describe('quiet hours', () => {
  it('when the zone of one reader is not known here, then their mail goes, and no run ends for it', () => {
    expect(until('2026-01-05T23:00:00Z', 'Mars/Olympus')).toBeUndefined();
    expect(until('2026-01-05T23:00:00Z', 'PST')).toBeUndefined();
  });

  it.each([
    ['2026-01-05T21:59:59Z', 'UTC', undefined],
    ['2026-01-05T22:00:00Z', 'UTC', '2026-01-06T07:00:00.000Z'],
    ['2026-01-06T00:30:00Z', 'UTC', '2026-01-06T07:00:00.000Z'],
    ['2026-01-06T06:59:59Z', 'UTC', '2026-01-06T07:00:00.000Z'],
    ['2026-01-06T07:00:00Z', 'UTC', undefined],
    ['2026-01-05T12:00:00Z', 'Asia/Tokyo', undefined],
    ['2026-01-05T15:00:00Z', 'Asia/Tokyo', '2026-01-05T22:00:00.000Z'],
    ['2026-01-05T07:00:00Z', 'America/Los_Angeles', '2026-01-05T15:00:00.000Z'],
    ['2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T05:00:00.000Z'], // the clock goes forward that night
  ])('at %s in %s ▸ %s', (now, zone, expected) => {
    expect(until(now, zone)).toBe(expected);
  });

  it('when they do not pass midnight, then they hold from one hour to the other', () => {
    expect(until('2026-01-05T12:59:00Z', 'UTC', { from: 13, to: 15 })).toBeUndefined();
    expect(until('2026-01-05T13:00:00Z', 'UTC', { from: 13, to: 15 })).toBe('2026-01-05T15:00:00.000Z');
    expect(until('2026-01-05T15:00:00Z', 'UTC', { from: 13, to: 15 })).toBeUndefined();
  });

  it('when a reader chose an hour of the night, then the newsletter goes within that hour and is held after it', () => {
    expect(until('2026-01-05T23:59:00Z', 'UTC', NIGHT, '2026-01-05T23:00:00Z')).toBeUndefined();
    expect(until('2026-01-06T00:00:00Z', 'UTC', NIGHT, '2026-01-05T23:00:00Z')).toBe('2026-01-06T07:00:00.000Z');
    expect(until('2026-01-05T22:30:00Z', 'UTC', NIGHT, '2026-01-05T23:00:00Z')).toBe('2026-01-06T07:00:00.000Z');
  });
});
