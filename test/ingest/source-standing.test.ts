import { describe, expect, it } from 'vitest';
import { newsOf, quietHabit, standingOf, weekdaysBetween } from '../../src/ingest/source-standing.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import type { SourceRecord } from '../../src/model/source.ts';

const NOTHING: SourceRecord = {
  ...{ lastSuccessAt: null, lastNewAt: null, failingSince: null, failure: null, said: null, told: null, toldAt: null },
};
const NEWS_AT = new Date('2026-11-16T09:00:00Z');
/** A Monday with news, and every day after it. */
const DAYS = Array.from({ length: 12 }, (_, nth) => addDays('2026-11-16', nth));
const at = (instant: string) => new Date(instant);

describe('how a source stands', () => {
  it.each([
    ['the weekday after news', '2026-11-17T23:00:00Z', 'well', 0],
    ['three weekdays later', '2026-11-20T23:59:00Z', 'well', 3],
    ['once a fourth is over', '2026-11-21T00:01:00Z', 'silent', 4],
    ['and the week after', '2026-11-24T12:00:00Z', 'silent', 5],
  ])('when it answers without news, then %s it is …', (_, now, state, quietWeekdays) => {
    const record = { ...NOTHING, lastNewAt: NEWS_AT };
    expect(standingOf({ record, newsDays: [], answeredDays: DAYS }, at(now))).toEqual({
      state,
      quietWeekdays,
      habit: 3,
    });
  });

  it('when nobody asked, or it did not answer, then those days count for nothing', () => {
    const record = { ...NOTHING, lastNewAt: NEWS_AT };
    const answeredDays = ['2026-11-16', '2026-11-17', '2026-11-27'];
    expect(standingOf({ record, newsDays: [], answeredDays }, at('2026-11-27T12:00:00Z')).state).toBe('well');
  });

  it('when it fails, then it is failing from six hours on', () => {
    const since = at('2026-11-16T09:00:00Z');
    const record = { ...NOTHING, lastSuccessAt: at('2026-11-16T08:30:00Z'), failingSince: since };
    const stateAt = (now: string) => standingOf({ record, newsDays: [], answeredDays: [] }, at(now)).state;
    expect([stateAt('2026-11-16T14:59:59Z'), stateAt('2026-11-16T15:00:00Z')]).toEqual(['well', 'failing']);
    const never = { record: { ...NOTHING, failingSince: since }, newsDays: [], answeredDays: [] };
    expect(standingOf(never, at('2026-11-16T14:59:59Z')).state).toBe('new'); // nobody knows yet that it is well
    expect(standingOf({ record: null, newsDays: [], answeredDays: [] }, at('2026-11-16T15:00:00Z')).state).toBe('new');
  });
});

describe('the habit of a source', () => {
  const weekdays = (count: number) => DAYS.filter((day) => weekdayOf(day) <= 5).slice(0, count);
  it.each([
    ['nothing is known', [], 3],
    ['it has news each weekday', weekdays(8), 3],
    ['it has news each Thursday', ['2026-10-01', '2026-10-08', '2026-10-15', '2026-10-22'], 6],
    ['it was away once', ['2026-09-01', '2026-09-02', '2026-09-30', '2026-10-01', '2026-10-02'], 3],
    ['it has news each month', ['2026-07-01', '2026-08-03', '2026-09-01', '2026-10-01'], 32],
  ])('when %s, then that tells how long a wait is usual', (_, newsDays, habit) => {
    expect(quietHabit(newsDays)).toBe(habit);
  });

  it('when weekdays between two dates are counted, then neither date is, nor a week-end', () => {
    expect(weekdaysBetween('2026-11-13', '2026-11-16')).toBe(0);
    expect(weekdaysBetween('2026-11-16', '2026-11-17')).toBe(0);
    expect(weekdaysBetween('2026-11-16', '2026-11-30')).toBe(9);
    expect(weekdaysBetween('2026-11-17', '2026-11-17')).toBe(0);
  });
});

it('when trouble was told, then its end alone is news, and only once nothing of it fails', () => {
  const standing = { state: 'failing', quietWeekdays: 0, habit: 3 } as const;
  const failing = { told: null, failingSince: NEWS_AT };
  expect(newsOf(failing, standing)).toBe('failing');
  expect(newsOf({ ...failing, told: 'failing' }, standing)).toBeNull();
  expect(newsOf({ ...failing, told: 'silent' }, { ...standing, state: 'well' })).toBeNull();
  expect(newsOf({ told: 'failing', failingSince: null }, { ...standing, state: 'well' })).toBe('well');
  expect(newsOf({ told: null, failingSince: null }, { ...standing, state: 'well' })).toBeNull();
});
