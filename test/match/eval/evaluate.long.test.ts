import { expect, test } from 'vitest';
import { BASELINES } from '../../../src/match/eval/baselines.ts';
import { readBench, readOwnSet } from '../../../src/match/eval/set.ts';
import { compareWithBest, evaluate, ourSystem } from '../../../src/match/eval/evaluate.ts';
import { loadKnowledge } from '../../../src/match/knowledge.ts';
import { sharedPath } from '../../support/shared.ts';

const ours = ourSystem({ knowledge: loadKnowledge() });
const clock = () => performance.now();
const bench = sharedPath('data', 'relevance', 'interest-bench.dev.jsonl');

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

test.skipIf(!bench)(
  'on the shared benches it beats the best of the baselines measured there, in every metric',
  { timeout: 180_000 },
  async () => {
    /** Best of each column of the 20 baselines that were measured once on these benches. */
    const best: Record<string, { ndcg10: number; recall50: number; averagePrecision: number }> = {
      keywords: { ndcg10: 0.468, recall50: 0.678, averagePrecision: 0.382 },
      areas: { ndcg10: 0.287, recall50: 0.404, averagePrecision: 0.203 },
    };
    for (const set of await readBench(bench!)) {
      const row = evaluate(set, ours, clock);
      expect(row.ndcg10).toBeGreaterThan(best[set.name]!.ndcg10);
      expect(row.recall50).toBeGreaterThan(best[set.name]!.recall50);
      expect(row.averagePrecision).toBeGreaterThan(best[set.name]!.averagePrecision);
    }
  },
);
