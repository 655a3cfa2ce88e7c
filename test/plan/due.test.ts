import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDate } from '../../src/lib/time.ts';
import type { Schedule } from '../../src/model/subscriber.ts';
import {
  createDueClock,
  decideDue,
  dueAgain,
  lastSlotAfterChange,
  nextDue,
  nextSlot,
  owedFrom,
} from '../../src/plan/due.ts';

const daily = (timeZone: string, hour: number): Schedule => ({ cadence: 'daily', weekday: 1, hour, timeZone });
const at = (text: string) => new Date(text);

describe('nextSlot', () => {
  it.each([
    ['an ordinary day', 'Europe/Lisbon', 8, '2026-07-01T00:00:00Z', null, '2026-07-01T07:00:00.000Z', '2026-07-01'],
    ['the very instant of the slot', 'UTC', 8, '2026-07-01T08:00:00Z', null, '2026-07-01T08:00:00.000Z', '2026-07-01'],
    ['just after the slot', 'UTC', 8, '2026-07-01T08:00:00.001Z', null, '2026-07-02T08:00:00.000Z', '2026-07-02'],
    [
      'an hour that spring skips',
      'Europe/Berlin',
      2,
      '2026-03-28T12:00:00Z',
      null,
      '2026-03-29T01:00:00.000Z',
      '2026-03-29',
    ],
    [
      'an hour that autumn repeats',
      'Europe/Berlin',
      2,
      '2026-10-24T12:00:00Z',
      null,
      '2026-10-25T00:00:00.000Z',
      '2026-10-25',
    ],
    [
      'New York in spring',
      'America/New_York',
      2,
      '2026-03-07T12:00:00Z',
      null,
      '2026-03-08T07:00:00.000Z',
      '2026-03-08',
    ],
    [
      'New York in autumn',
      'America/New_York',
      1,
      '2026-10-31T12:00:00Z',
      null,
      '2026-11-01T05:00:00.000Z',
      '2026-11-01',
    ],
    [
      'Lord Howe skipping half an hour',
      'Australia/Lord_Howe',
      2,
      '2026-10-03T00:00:00Z',
      null,
      '2026-10-03T15:30:00.000Z',
      '2026-10-04',
    ],
    [
      'Lord Howe repeating half an hour',
      'Australia/Lord_Howe',
      1,
      '2026-04-03T16:00:00Z',
      null,
      '2026-04-04T14:00:00.000Z',
      '2026-04-05',
    ],
    [
      'midnight that Santiago skips',
      'America/Santiago',
      0,
      '2026-09-05T12:00:00Z',
      null,
      '2026-09-06T04:00:00.000Z',
      '2026-09-06',
    ],
    [
      'a date that Samoa skipped',
      'Pacific/Apia',
      8,
      '2011-12-29T19:00:00Z',
      null,
      '2011-12-30T18:00:00.000Z',
      '2011-12-31',
    ],
    [
      'a date that already had its slot',
      'UTC',
      8,
      '2026-07-01T00:00:00Z',
      '2026-07-01',
      '2026-07-02T08:00:00.000Z',
      '2026-07-02',
    ],
  ])('on %s', (_, zone, hour, from, last, slot, on) => {
    const found = nextSlot(daily(zone, hour), at(from), last);
    expect([found.at.toISOString(), found.on]).toEqual([slot, on]);
  });

  it('when the cadence is weekdays, then Saturday and Sunday have none', () => {
    const schedule: Schedule = { cadence: 'weekdays', weekday: 1, hour: 8, timeZone: 'UTC' };
    expect(nextSlot(schedule, at('2026-01-02T09:00:00Z'), '2026-01-02').on).toBe('2026-01-05');
  });

  it('when the cadence is weekly, then only its weekday has one', () => {
    const schedule: Schedule = { cadence: 'weekly', weekday: 7, hour: 8, timeZone: 'Asia/Tokyo' };
    expect(nextSlot(schedule, at('2026-01-05T00:00:00Z'), null)).toEqual({
      at: at('2026-01-10T23:00:00Z'),
      on: '2026-01-11',
    });
  });

  it('when a reader moves from Tokyo to Los Angeles in mid-week, then the date they had has no second slot', () => {
    const had = nextSlot(daily('Asia/Tokyo', 8), at('2026-03-09T00:00:00Z'), null);
    expect(had.on).toBe('2026-03-10');
    expect(nextSlot(daily('America/Los_Angeles', 8), at('2026-03-10T01:00:00Z'), had.on).on).toBe('2026-03-11');
  });

  it('whatever the zone, hour and changes of both, then each local date has at most one slot and none is missed without a change', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kolkata',
      'America/Santiago',
    ];
    const step = fc.record({
      zone: fc.constantFrom(...zones),
      hour: fc.integer({ min: 0, max: 23 }),
      stay: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 364 }), (steps, start) => {
        let now = new Date(Date.UTC(2026, 0, 1 + start));
        let last: string | null = null;
        for (const { zone, hour, stay } of steps) {
          for (let day = 0; day < stay; day++) {
            const slot = nextSlot(daily(zone, hour), now, last);
            expect(localDate(slot.at, zone)).toBe(slot.on);
            if (last !== null) expect(slot.on > last).toBe(true);
            if (day > 0 && last !== null) expect(slot.on).toBe(addDays(last, 1));
            last = slot.on;
            now = new Date(slot.at.getTime() + 1);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('decideDue', () => {
  const schedule = daily('UTC', 8);

  it('when the tick comes in time, then the slot is planned and the next one is tomorrow', () => {
    const decision = decideDue(schedule, at('2026-01-05T08:00:00Z'), '2026-01-04', at('2026-01-05T08:00:20Z'), 12);
    expect(decision.slot).toEqual({ at: at('2026-01-05T08:00:00Z'), on: '2026-01-05' });
    expect(decision.next.on).toBe('2026-01-06');
  });

  it.each([
    ['at the late limit', '2026-01-05T20:00:00Z', '2026-01-05'],
    ['past the late limit', '2026-01-05T20:00:01Z', null],
    ['after five days down, in time for the last slot', '2026-01-10T09:00:00Z', '2026-01-10'],
    ['after five days down, too late for the last slot', '2026-01-10T07:00:00Z', null],
  ])('when it comes %s, then at most one newsletter goes out', (_, now, on) => {
    const decision = decideDue(schedule, at('2026-01-05T08:00:00Z'), '2026-01-04', at(now), 12);
    expect(decision.slot?.on ?? null).toBe(on);
    expect(decision.next.at > at(now)).toBe(true);
    expect(decision.next.at.getTime() - at(now).getTime()).toBeLessThanOrEqual(86_400_000);
  });

  it.each([
    ['three days late', '2026-01-08T08:00:00Z', '2026-01-05'],
    ['later than that', '2026-01-08T08:00:01Z', null],
  ])('when a weekly newsletter is %s, then 72 hours decide', (_, now, on) => {
    const weekly: Schedule = { ...schedule, cadence: 'weekly' };
    const decision = decideDue(weekly, at('2026-01-05T08:00:00Z'), '2025-12-29', at(now), 12);
    expect(decision.slot?.on ?? null).toBe(on);
    expect(decision.next.on).toBe('2026-01-12');
  });

  it('when the clock that remembers is asked again, then it says the same as the plain decision', () => {
    const now = at('2026-03-29T10:00:00Z');
    const decide = createDueClock(now, 12);
    for (const zone of ['Europe/Berlin', 'UTC', 'Europe/Berlin']) {
      const due = nextSlot(daily(zone, 2), at('2026-03-28T12:00:00Z'), null).at;
      expect(decide(daily(zone, 2), due, null)).toEqual(decideDue(daily(zone, 2), due, null, now, 12));
    }
  });
});

describe('lastSlotAfterChange', () => {
  it.each([
    ['no weekly edition', '2026-01-05', null, '2026-01-05'],
    ['that of this week', '2026-01-05', 'weekly:2026-W02', '2026-01-11'],
    ['that of this week, and days since', '2026-01-07', 'weekly:2026-W02', '2026-01-11'],
    ['that of the week before', '2026-01-07', 'weekly:2026-W01', '2026-01-07'],
  ])('when a weekly reader was given %s, then a week has one newsletter', (_, lastSlotOn, week, expected) => {
    expect(lastSlotAfterChange('weekly', lastSlotOn, week)).toBe(expected);
  });

  it('when it is not weekly, then only the date counts', () => {
    expect(lastSlotAfterChange('daily', '2026-01-05', 'weekly:2026-W02')).toBe('2026-01-05');
    expect(lastSlotAfterChange('daily', null, null)).toBeNull();
  });
});

describe('owedFrom', () => {
  const now = at('2026-01-05T08:05:00Z');

  it.each([
    ['earlier', 6, '2026-01-05T06:00:00.000Z'],
    ['the same', 8, '2026-01-05T08:00:00.000Z'],
    ['later', 18, '2026-01-05T18:00:00.000Z'],
  ])('when a slot has come that is not planned yet, and the hour becomes %s, then today is owed', (_, hour, due) => {
    const schedule = daily('UTC', hour);
    const from = owedFrom(schedule, at('2026-01-05T08:00:00Z'), now);
    expect(nextDue(schedule, from, '2026-01-04').toISOString()).toBe(due);
  });

  it('when nothing is owed, then now is the beginning', () => {
    expect(owedFrom(daily('UTC', 8), at('2026-01-06T08:00:00Z'), now)).toBe(now);
    expect(owedFrom(daily('UTC', 8), null, now)).toBe(now);
  });
});

describe('dueAgain', () => {
  const monday: Schedule = { ...daily('UTC', 8), cadence: 'weekly' };
  const was = at('2026-01-05T08:00:00Z');
  const now = at('2026-01-05T09:00:00Z');

  it.each([
    ['a slot fell in between', { ...monday, lastSlotOn: '2025-12-29' }, '2026-01-05T08:00:00.000Z'],
    ['that slot was dealt with', { ...monday, lastSlotOn: '2026-01-05' }, '2026-01-12T08:00:00.000Z'],
    ['the schedule is another one', { ...monday, hour: 9, lastSlotOn: null }, '2026-01-05T09:00:00.000Z'],
  ])('when %s, then the reader who is back is due accordingly', (_, schedule, due) => {
    expect(dueAgain({ ...schedule, pausedUntil: null }, was, now).toISOString()).toBe(due);
  });
});
