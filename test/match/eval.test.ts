import { describe, expect, test } from 'vitest';
import { ablationTable } from '../../src/match/ablation.ts';
import { BASELINES } from '../../src/match/eval-baselines.ts';
import { pairedDifference, rateRanking, rateReactions } from '../../src/match/eval-metrics.ts';
import { readBench, readOwnSet } from '../../src/match/eval-set.ts';
import { compareWithBest, evaluate, ourSystem } from '../../src/match/evaluate.ts';
import { loadKnowledge } from '../../src/match/knowledge.ts';
import { sharedPath } from '../support/shared.ts';
import { TOPICS } from './papers.ts';

const ours = ourSystem({ knowledge: loadKnowledge(), topics: TOPICS });
const clock = () => performance.now();

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

test('on the set of our own the matching holds its level and beats every baseline', async () => {
  const set = await readOwnSet();
  expect(set.papers.length).toBeGreaterThanOrEqual(60);
  expect(set.interests.length).toBeGreaterThanOrEqual(25);
  const known = new Set(set.papers.map(({ id }) => id));
  for (const { relevant } of set.interests) for (const id of relevant) expect(known).toContain(id);
  const row = evaluate(set, ours, clock);
  expect(row.ndcg10).toBeGreaterThan(0.82);
  expect(row.recall50).toBeGreaterThan(0.95);
  expect(row.averagePrecision).toBeGreaterThan(0.78);
  const others = BASELINES.map((baseline) => evaluate(set, baseline, clock));
  for (const { low } of compareWithBest(row, others)) expect(low).toBeGreaterThan(0);
});

test('when parts are left out, then the table says of each what is left, and of the whole what the matcher reaches', async () => {
  const set = await readOwnSet();
  const rows = ablationTable([set], { knowledge: loadKnowledge(), topics: TOPICS }).trimEnd().split('\n');
  expect(rows.slice(0, 2)).toEqual(['|  | own |', '| --- | --- |']);
  const { ndcg10, recall50, averagePrecision } = evaluate(set, ours, clock);
  const whole = [ndcg10, recall50, averagePrecision].map((figure) => figure.toFixed(3).slice(1)).join(' ');
  expect(rows[2]).toBe(`| everything | ${whole} |`);
  const figures = rows.slice(2).map((row) => row.split(' | ')[1]);
  expect(figures.length).toBe(12);
  expect(new Set(figures).size).toBe(figures.length);
  const ndcg = (name: string) => Number(/\.\d+/.exec(rows.find((row) => row.startsWith(`| ${name}`)) ?? '')?.[0]);
  for (const part of ['meaning', 'topics', 'neighbours']) expect(ndcg(`− ${part}`)).toBeLessThan(ndcg10);
  expect(ndcg('the words alone')).toBeLessThan(ndcg('− meaning'));
});

test(
  'on the shared benches it beats the best of the baselines measured there, in every metric',
  { timeout: 180_000 },
  async () => {
    const path = sharedPath('data', 'relevance', 'interest-bench.dev.jsonl');
    if (path === null) return;
    /** Best of each column of the 20 baselines that were measured once on these benches. */
    const best: Record<string, { ndcg10: number; recall50: number; averagePrecision: number }> = {
      keywords: { ndcg10: 0.468, recall50: 0.678, averagePrecision: 0.382 },
      areas: { ndcg10: 0.287, recall50: 0.404, averagePrecision: 0.203 },
    };
    for (const set of await readBench(path)) {
      const row = evaluate(set, ours, clock);
      expect(row.ndcg10).toBeGreaterThan(best[set.name]!.ndcg10);
      expect(row.recall50).toBeGreaterThan(best[set.name]!.recall50);
      expect(row.averagePrecision).toBeGreaterThan(best[set.name]!.averagePrecision);
    }
  },
);
