import { expect, test } from 'vitest';
import { fitLogistic, probabilityOf, type Example } from '../../src/match/logistic.ts';

const grid = (rightAt: (x: number, y: number) => number): Example[] =>
  Array.from({ length: 21 * 21 }, (_, at) => [Math.floor(at / 21) / 2 - 5, (at % 21) * 20 - 200]).flatMap(([x, y]) => {
    const p = rightAt(x!, y!);
    return [
      { numbers: [x!, y!], right: true, weight: p },
      { numbers: [x!, y!], right: false, weight: 1 - p },
    ];
  });

test('when examples follow a logistic law, then it is found again, whatever the scales of its numbers', () => {
  const law = (x: number, y: number) => 1 / (1 + Math.exp(-(0.5 + 1.5 * x - 0.02 * y)));
  const model = fitLogistic(grid(law), 1e-9);
  expect(model.intercept).toBeCloseTo(0.5, 5);
  expect(model.weights[0]).toBeCloseTo(1.5, 5);
  expect(model.weights[1]).toBeCloseTo(-0.02, 5);
  expect(probabilityOf(model, [1, 50])).toBeCloseTo(law(1, 50), 5);
});

test('when the penalty grows, then weights shrink, and what is right on the whole is still given', () => {
  const law = (x: number) => 1 / (1 + Math.exp(-(x - 1)));
  const examples = grid(law);
  const free = fitLogistic(examples, 1e-9);
  const bound = fitLogistic(examples, 1_000);
  expect(Math.abs(bound.weights[0]!)).toBeLessThan(Math.abs(free.weights[0]!) / 2);
  const share = examples.reduce((sum, { right, weight }) => sum + (right ? weight : 0), 0) / (examples.length / 2);
  const given = examples.reduce((sum, { numbers, weight }) => sum + weight * probabilityOf(bound, numbers), 0);
  expect(given / (examples.length / 2)).toBeCloseTo(share, 4);
});

test('when a number is the same in all examples, or right and wrong are parted, then the fit ends', () => {
  const examples = [-2, -1, 1, 2].map((x) => ({ numbers: [x, 7], right: x > 0, weight: 1 }));
  const model = fitLogistic(examples, 1);
  expect(model.weights.every(Number.isFinite)).toBe(true);
  expect(probabilityOf(model, [2, 7])).toBeGreaterThan(0.5);
  expect(probabilityOf(model, [-2, 7])).toBeLessThan(0.5);
});
