import { expect, it } from 'vitest';
import { missingBetween, type AskedDays } from '../../src/web/missing-days.ts';

const ASKED: AskedDays = new Map([
  [
    'hf',
    [
      { day: '2026-11-16', answered: true },
      { day: '2026-11-17', answered: false },
      { day: '2026-11-18', answered: false },
    ],
  ],
  ['arxiv', [{ day: '2026-11-18', answered: true }]],
]);

it('when weekdays have no list, then runs of one reason are told, newest first, and week-ends are none', () => {
  expect(missingBetween('2026-11-12', '2026-11-20', ASKED)).toEqual([
    { newest: '2026-11-19', oldest: '2026-11-19', weekdays: 1, answered: [], failed: [] },
    { newest: '2026-11-18', oldest: '2026-11-18', weekdays: 1, answered: ['arxiv'], failed: ['hf'] },
    { newest: '2026-11-17', oldest: '2026-11-17', weekdays: 1, answered: [], failed: ['hf'] },
    { newest: '2026-11-16', oldest: '2026-11-16', weekdays: 1, answered: ['hf'], failed: [] },
    { newest: '2026-11-13', oldest: '2026-11-13', weekdays: 1, answered: [], failed: [] },
  ]);
  expect(missingBetween('2026-11-13', '2026-11-16', ASKED)).toEqual([]);
});

it('when nobody asked for long, then that is one run', () => {
  expect(missingBetween('2025-12-31', '2026-01-12', new Map())).toEqual([
    { newest: '2026-01-09', oldest: '2026-01-01', weekdays: 7, answered: [], failed: [] },
  ]);
});
