import { describe, expect, test } from 'vitest';
import { pairedDifference, rateRanking, rateReactions } from '../../../src/match/eval/metrics.ts';

describe('the metrics', () => {
  test.each([
    ['all right', ['a', 'b', 'x'], ['a', 'b'], 1, 1, 1],
    ['all wrong', ['x', 'y'], ['a'], 0, 0, 0],
    ['nothing found', [], ['a'], 0, 0, 0],
    ['second place', ['x', 'a'], ['a'], 1 / Math.log2(3), 1, 0.5],
    ['half of them', ['a'], ['a', 'b'], 1 / (1 + 1 / Math.log2(3)), 0.5, 0.5],
  ])('%s', (_, ranking, relevant, ndcg10, recall50, averagePrecision) => {
    const rated = rateRanking(ranking, new Set(relevant));
    expect(rated.ndcg10).toBeCloseTo(ndcg10);
    expect(rated.recall50).toBeCloseTo(recall50);
    expect(rated.averagePrecision).toBeCloseTo(averagePrecision);
  });
  test('what stands behind the first ten and the first fifty', () => {
    const ranking = Array.from({ length: 60 }, (_, at) => at);
    expect(rateRanking(ranking, new Set([10])).ndcg10).toBe(0);
    expect(rateRanking(ranking, new Set([10])).recall50).toBe(1);
    expect(rateRanking(ranking, new Set([50])).recall50).toBe(0);
  });
  test('an interval holds the mean, is the same every time, and excludes 0 where all pairs agree', () => {
    const difference = pairedDifference([0.5, 0.6, 0.7, 0.8], [0.4, 0.4, 0.6, 0.6]);
    expect(difference.mean).toBeCloseTo(0.15);
    expect(difference.low).toBeGreaterThan(0);
    expect(difference.high).toBeGreaterThanOrEqual(difference.mean);
    expect(pairedDifference([0.5, 0.6, 0.7, 0.8], [0.4, 0.4, 0.6, 0.6])).toEqual(difference);
  });
  test('reactions: «more» is what was right; who says nothing is left out', () => {
    expect(
      rateReactions([
        ['more', null, 'less'],
        [null, null],
        ['less', 'more'],
      ]),
    ).toMatchObject({
      newsletters: 2,
      averagePrecision: 0.75,
    });
  });
});
