import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uidSets } from '../../src/feedback/doors/uid-sets.ts';

/** Reads sets as a server does. */
function numbersOf(sets: readonly string[]): number[] {
  return sets.flatMap((set) =>
    set.split(',').flatMap((run) => {
      const [first = 0, last = first] = run.split(':').map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    }),
  );
}

test('when numbers follow each other, then they are one run', () => {
  expect(uidSets([])).toEqual([]);
  expect(uidSets([7])).toEqual(['7']);
  expect(uidSets([3, 4, 5, 9, 11, 12])).toEqual(['3:5,9,11:12']);
});

test('when there are more than a command can hold, then there are several sets, and none is too long', () => {
  const every = Array.from({ length: 20_000 }, (_, at) => 100_000 + at * 2);
  const sets = uidSets(every);
  expect(sets.length).toBeGreaterThan(10);
  for (const set of sets) expect(set.length).toBeLessThanOrEqual(7_800);
  expect(numbersOf(sets)).toEqual(every);
});

test('when they are any, in any order, then the sets name these and no others', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 })), fc.integer({ min: 8, max: 60 }), (uids, longest) => {
      expect(numbersOf(uidSets(uids, longest))).toEqual([...new Set(uids)].sort((a, b) => a - b));
    }),
  );
});
