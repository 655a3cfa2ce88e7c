import { METRICS, meanMetrics, pairedDifference, rateRanking, type RankMetrics } from './metrics.ts';
import type { EvalSet, EvalSystem } from './set.ts';
import { createMatcher } from '../matcher.ts';
import type { MatchResources } from '../state.ts';

/** What one system reached on one set. */
export interface EvalRow extends RankMetrics {
  set: string;
  system: string;
  /** Building and ranking, in milliseconds by the clock given. */
  ms: number;
  /** Per interest, in the set's order. */
  each: RankMetrics[];
}

/** Our matcher as a system. */
export function ourSystem(resources: MatchResources): EvalSystem {
  return {
    name: 'offprint',
    open: (set) => {
      const matcher = createMatcher(set.papers, resources);
      return (text) => matcher.match({ id: text, kind: 'words', text }).map(({ paper }) => paper.id);
    },
  };
}

/** Measures one system on one set; `clock` tells milliseconds. */
export function evaluate(set: EvalSet, system: EvalSystem, clock: () => number): EvalRow {
  const from = clock();
  const rank = system.open(set);
  const rankings = set.interests.map(({ text }) => rank(text));
  const ms = clock() - from;
  const each = set.interests.map(({ relevant }, at) => rateRanking(rankings[at] ?? [], relevant));
  return { set: set.name, system: system.name, ...meanMetrics(each), ms, each };
}

/** For each metric the strongest of the others, and by how much ours is better. */
export function compareWithBest(ours: EvalRow, others: readonly EvalRow[]) {
  return METRICS.flatMap((metric) => {
    const [best] = [...others].sort((a, b) => b[metric] - a[metric]);
    if (!best) return [];
    const numbers = (row: EvalRow) => row.each.map((one) => one[metric]);
    return [
      {
        set: ours.set,
        metric,
        best: best.system,
        theirs: best[metric],
        ours: ours[metric],
        ...pairedDifference(numbers(ours), numbers(best)),
      },
    ];
  });
}
