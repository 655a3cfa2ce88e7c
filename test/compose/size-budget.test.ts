import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detailAt, fitToBudget } from '../../src/compose/newsletter/size-budget.ts';

const size = (octets: number) => ({ octets, encodedOctets: octets });
const cards = (count: number) => Array.from({ length: count }, () => 'excerpt' as const);

test.each([
  [1, ['lead']],
  [5, ['lead', 'excerpt', 'excerpt', 'excerpt', 'excerpt']],
  [6, ['lead', 'excerpt', 'excerpt', 'title', 'title', 'title']],
])('when there are %i papers, then the best one leads, the next are cards and what is left lines', (count, details) => {
  expect(details.map((_, rank) => detailAt(rank, count))).toEqual(details);
});

test('when everything fits, then everything is shown', () => {
  expect(fitToBudget(cards(3), size(10_000), () => size(3_000))).toEqual(['excerpt', 'excerpt', 'excerpt']);
});

test('when it does not fit, then the last papers lose detail first', () => {
  const of = { lead: 4_000, excerpt: 3_000, sentence: 2_000, title: 500 };
  const shown = fitToBudget(cards(40), size(10_000), (_, detail) => size(of[detail]));
  expect(shown[0]).toBe('excerpt');
  expect(shown.at(-1)).toBe('sentence');
  expect(shown).toHaveLength(40);
});

test('when not even titles fit, then the last papers stand on the web alone, and the first always stays', () => {
  expect(fitToBudget(cards(50), size(10_000), () => size(5_000))).toHaveLength(17);
  expect(fitToBudget(cards(5), size(10_000), () => size(1_000_000))).toHaveLength(1);
});

test('whatever the sizes, the result is within the limit unless one paper alone breaks it, and the first papers keep most', () => {
  const sizes = fc.array(fc.integer({ min: 100, max: 60_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(sizes, fc.nat({ max: 50 }), (each, lines) => {
      const share = { lead: 1, excerpt: 1, sentence: 0.6, title: 0.2 };
      const of = (index: number, detail: keyof typeof share) => size(Math.round((each[index] ?? 0) * share[detail]));
      const shown = fitToBudget(
        each.map((_, rank) => (rank < lines ? 'excerpt' : 'title')),
        size(12_000),
        of,
      );
      const total = shown.reduce((sum, detail, index) => sum + of(index, detail).octets, 12_000);
      if (shown.length > 1) expect(total).toBeLessThanOrEqual(each.length <= 10 ? 60_000 : 95_000);
      const order = ['excerpt', 'sentence', 'title'];
      expect(shown).toEqual([...shown].sort((a, b) => order.indexOf(a) - order.indexOf(b))); // the first keep most
    }),
  );
});
