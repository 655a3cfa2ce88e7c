import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDue, isToBeTried } from '../../src/backup/due.ts';
import { kept } from '../../src/backup/retention.ts';

const DAY_MS = 86_400_000;
const day = (n: number, hour = 3) => new Date(Date.UTC(2026, 0, 1 + n, hour, 30));
const KEEP = { days: 7, weeks: 4, months: 6 };
const moments = fc.uniqueArray(
  fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
  { minLength: 1, maxLength: 60, selector: (at) => at.getTime() },
);
const keeps = fc.record({ days: fc.nat(10), weeks: fc.nat(6), months: fc.nat(8) });

test('when a backup is taken each day for a year, then seven days, four weeks and six months stay', () => {
  let there: Date[] = [];
  for (let n = 0; n < 365; n++) {
    there.push(day(n));
    const keep = kept(there, KEEP);
    there = there.filter((at) => keep.has(at));
  }
  const ages = there.map((at) => Math.round((day(364).getTime() - at.getTime()) / DAY_MS)).sort((a, b) => a - b);
  expect(ages.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(there.length).toBeLessThanOrEqual(17);
  expect(there.map((at) => at.toISOString().slice(0, 7))).toContain('2026-07');
});

test('whatever there is and is to be kept, the newest stays, no more than asked, and a second time nothing goes', () => {
  fc.assert(
    fc.property(moments, keeps, (all, keep) => {
      const stays = kept(all, keep);
      const newest = Math.max(...all.map((at) => at.getTime()));
      expect([...stays].map((at) => at.getTime())).toContain(newest);
      expect(stays.size).toBeLessThanOrEqual(Math.max(1, keep.days + keep.weeks + keep.months));
      expect(kept([...stays], keep)).toEqual(stays);
    }),
  );
});

test('whatever there is, to keep more never lets go of what less would keep', () => {
  fc.assert(
    fc.property(moments, keeps, (all, keep) => {
      const more = kept(all, { days: keep.days + 1, weeks: keep.weeks + 1, months: keep.months + 1 });
      for (const at of kept(all, keep)) expect(more.has(at)).toBe(true);
    }),
  );
});

const at = { hour: 3, minute: 30 };
test.each([
  ['there is none yet', day(1, 12), null, null, true],
  ['the hour has not come', new Date('2026-01-02T03:29:59Z'), day(0), null, false],
  ['the hour has come', new Date('2026-01-02T03:30:01Z'), day(0), null, true],
  ['one was taken since', day(1, 12), new Date('2026-01-02T03:30:02Z'), null, false],
  ['the machine slept for two days', day(3, 12), day(0), null, true],
  ['one failed a moment ago', day(1, 12), day(0), new Date(day(1, 12).getTime() - 60_000), false],
  ['one failed an hour ago', day(1, 12), day(0), new Date(day(1, 12).getTime() - 3_600_000), true],
])('when %s, then a backup is due or not', (_words, now, newest, failedAt, due) => {
  expect(isDue({ now, at, newest, failedAt })).toBe(due);
});

test('when none was tried for a week, then one is to be tried', () => {
  expect([isToBeTried(day(9), null), isToBeTried(day(9), day(2)), isToBeTried(day(9), day(3))]).toEqual([
    true,
    true,
    false,
  ]);
});
