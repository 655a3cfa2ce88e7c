import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import { editionKey, isoWeek, mondayOfWeek } from '../../src/model/edition.ts';
import type { Cadence, Schedule } from '../../src/model/subscriber.ts';
import { missedSlot, slotOfEdition, type Standing } from '../../src/plan/missed.ts';

const schedule = (over: Partial<Schedule> = {}): Schedule => ({
  cadence: 'daily',
  weekday: 1,
  hour: 8,
  timeZone: 'UTC',
  ...over,
});
const at = (text: string) => new Date(text);

it('when a week is named, then its Monday lies in it and is a Monday', () => {
  const days = fc.date({ min: at('1995-01-01T00:00:00Z'), max: at('2060-12-31T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(days, (day) => {
      const week = isoWeek(day.toISOString().slice(0, 10));
      const monday = mondayOfWeek(week);
      expect([isoWeek(monday), weekdayOf(monday)]).toEqual([week, 1]);
    }),
  );
});

describe('the slot of an edition', () => {
  it.each<[string, Partial<Schedule>, string, string | null]>([
    ['daily', {}, 'daily:2026-01-05', '2026-01-05T08:00:00.000Z'],
    ['daily, elsewhere', { timeZone: 'Asia/Tokyo' }, 'daily:2026-01-05', '2026-01-04T23:00:00.000Z'],
    ['weekdays, a Monday', { cadence: 'weekdays' }, 'daily:2026-01-05', '2026-01-05T08:00:00.000Z'],
    ['weekdays, a Saturday', { cadence: 'weekdays' }, 'daily:2026-01-10', null],
    ['weekly, on Fridays', { cadence: 'weekly', weekday: 5 }, 'weekly:2026-W01', '2026-01-02T08:00:00.000Z'],
    ['weekly, of a daily edition', { cadence: 'weekly' }, 'daily:2026-01-05', null],
    ['daily, of a weekly edition', {}, 'weekly:2026-W02', null],
    ['daily, of a welcome', {}, 'welcome:1', null],
  ])('%s', (_name, over, edition, expected) => {
    expect(slotOfEdition(schedule(over), edition)?.at.toISOString() ?? null).toBe(expected);
  });

  it('when a slot falls on a date, then the edition of that date has it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000 }),
        fc.constantFrom<Cadence>('daily', 'weekdays', 'weekly'),
        (days, cadence) => {
          const on = addDays('2024-01-01', days);
          const own = schedule({ cadence, weekday: weekdayOf(on) });
          const slot = slotOfEdition(own, editionKey(cadence, on));
          if (cadence === 'weekdays' && weekdayOf(on) > 5) expect(slot).toBeNull();
          else expect(slot?.on).toBe(on);
        },
      ),
    );
  });
});

describe('who missed daily:2026-01-05', () => {
  const passedOver: Standing = {
    schedule: schedule(),
    confirmedAt: at('2026-01-01T12:00:00Z'),
    dueAt: at('2026-01-06T08:00:00Z'),
    lastSlotOn: '2026-01-05',
    lastNewsletterAt: at('2026-01-04T08:00:10Z'),
    pausedUntil: null,
    restUntil: null,
  };
  const stillDue: Standing = { ...passedOver, dueAt: at('2026-01-05T08:00:00Z'), lastSlotOn: '2026-01-04' };
  it.each<[string, Standing, string, boolean]>([
    ['planning passed them over', passedOver, '2026-01-05T23:00:00Z', true],
    ['planning has not run yet and would pass them over', stillDue, '2026-01-05T23:00:00Z', true],
    ['planning has not run yet and would plan it', stillDue, '2026-01-05T10:00:00Z', false],
    ['planning has not run yet and would merge it into a later one', stillDue, '2026-01-06T10:00:00Z', false],
    ['the slot is still to come', stillDue, '2026-01-05T07:00:00Z', false],
    [
      'they confirmed after it',
      { ...passedOver, confirmedAt: at('2026-01-05T09:00:00Z') },
      '2026-01-05T23:00:00Z',
      false,
    ],
    ['they had paused', { ...passedOver, pausedUntil: at('2026-01-05T12:00:00Z') }, '2026-01-05T23:00:00Z', false],
    ['a pause was over', { ...passedOver, pausedUntil: at('2026-01-04T12:00:00Z') }, '2026-01-05T23:00:00Z', true],
    [
      'a later one came',
      { ...passedOver, lastNewsletterAt: at('2026-01-06T08:00:10Z') },
      '2026-01-06T23:00:00Z',
      false,
    ],
    ['that day was no slot of theirs then', { ...passedOver, lastSlotOn: '2026-01-02' }, '2026-01-05T23:00:00Z', false],
  ])('when %s ▸ %s %s', (_name, standing, now, missed) => {
    const slot = missedSlot(standing, 'daily:2026-01-05', at(now), 12);
    expect(slot?.on ?? null).toBe(missed ? '2026-01-05' : null);
  });
});
