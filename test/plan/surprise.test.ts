import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOfLead, chanceOfSoFew, chanceOfSoMany } from '../../src/plan/surprise.ts';

test("the chance is Fisher's: his tea, and a table reckoned by hand", () => {
  // Fisher 1935: all four cups right of eight, 1 in 70.
  expect(chanceOfSoMany({ hits: 4, of: 4 }, { hits: 0, of: 4 })).toBeCloseTo(1 / 70, 12);
  // 3 of 4 now, 1 of 4 before: (16 + 1) of 70 ways are as many.
  expect(chanceOfSoMany({ hits: 3, of: 4 }, { hits: 1, of: 4 })).toBeCloseTo(17 / 70, 12);
  expect(chanceOfSoFew({ hits: 0, of: 4 }, { hits: 4, of: 4 })).toBeCloseTo(1 / 70, 12);
});

test('without a past, and where nothing changes, nothing is surprising', () => {
  expect(chanceOfSoMany({ hits: 14, of: 48 }, { hits: 0, of: 0 })).toBe(1);
  expect(chanceOfSoMany({ hits: 5, of: 50 }, { hits: 50, of: 500 })).toBeGreaterThan(0.5);
});

test('more of it now is never less surprising, and few and many share all chances', () => {
  const share = fc
    .integer({ min: 1, max: 60 })
    .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));
  fc.assert(
    fc.property(share, share, ([hits, of], [past, pastOf]) => {
      const before = { hits: past, of: pastOf };
      const many = chanceOfSoMany({ hits, of }, before);
      expect(many).toBeGreaterThan(0);
      if (hits < of) expect(chanceOfSoMany({ hits: hits + 1, of }, before)).toBeLessThanOrEqual(many + 1e-9);
      const fewer = hits > 0 ? chanceOfSoFew({ hits, of }, before) : 0;
      expect(many + fewer).toBeGreaterThan(hits > 0 ? 1 - 1e-9 : 0);
    }),
  );
});

test('four times the votes of the next is a lead, twice is none', () => {
  expect(chanceOfLead(80, 20)).toBeLessThan(0.05);
  expect(chanceOfLead(40, 20)).toBeGreaterThan(0.2);
  expect(chanceOfLead(20, 20)).toBe(1);
  expect(chanceOfLead(0, 0)).toBe(1);
});
