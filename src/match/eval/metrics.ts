/** How good one ranking is; each number lies in [0,1]. */
export interface RankMetrics {
  /** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), binary gains. */
  ndcg10: number;
  /** Share of the relevant ones among the first fifty. */
  recall50: number;
  /** Mean over the relevant ones of the precision at their rank; those not ranked count 0. */
  averagePrecision: number;
}

export const METRICS = ['ndcg10', 'recall50', 'averagePrecision'] as const satisfies readonly (keyof RankMetrics)[];

/** Rates a ranking, best first, against what is relevant. */
export function rateRanking<T>(ranking: readonly T[], relevant: ReadonlySet<T>): RankMetrics {
  if (relevant.size === 0) return { ndcg10: 0, recall50: 0, averagePrecision: 0 };
  let gain = 0;
  let early = 0;
  let hits = 0;
  let precisions = 0;
  for (const [at, item] of ranking.entries()) {
    if (!relevant.has(item)) continue;
    hits++;
    precisions += hits / (at + 1);
    if (at < 10) gain += 1 / Math.log2(at + 2);
    if (at < 50) early++;
  }
  let ideal = 0;
  for (let at = 0; at < Math.min(10, relevant.size); at++) ideal += 1 / Math.log2(at + 2);
  return { ndcg10: gain / ideal, recall50: early / relevant.size, averagePrecision: precisions / relevant.size };
}

/** A reader's reactions to what one newsletter held, best first: more, less, or none. */
export type Reacted = readonly ('more' | 'less' | null)[];

/**
 * Rates what readers were sent by what they said of it: «more» is relevant. Newsletters without a «more» say nothing
 * and are left out.
 */
export function rateReactions(newsletters: readonly Reacted[]): RankMetrics & { newsletters: number } {
  const told = newsletters.filter((reactions) => reactions.includes('more'));
  const rated = told.map((reactions) => {
    const relevant = new Set(reactions.flatMap((kind, at) => (kind === 'more' ? [at] : [])));
    return rateRanking(
      reactions.map((_, at) => at),
      relevant,
    );
  });
  return { ...meanMetrics(rated), newsletters: told.length };
}

/** Returns the mean of each metric. */
export function meanMetrics(rated: readonly RankMetrics[]): RankMetrics {
  const mean = (metric: keyof RankMetrics) => rated.reduce((sum, one) => sum + one[metric], 0) / (rated.length || 1);
  return { ndcg10: mean('ndcg10'), recall50: mean('recall50'), averagePrecision: mean('averagePrecision') };
}

/** Rounds of the bootstrap. */
const ROUNDS = 2_000;

/**
 * Returns mean and 95 % interval of the difference of paired numbers: percentile bootstrap over pairs (Efron, 1979),
 * seeded.
 */
export function pairedDifference(
  ours: readonly number[],
  theirs: readonly number[],
): { mean: number; low: number; high: number } {
  const differences = ours.map((value, at) => value - (theirs[at] ?? 0));
  const random = seededRandom(1);
  const means = Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    for (let at = 0; at < differences.length; at++) sum += differences[Math.floor(random() * differences.length)] ?? 0;
    return sum / differences.length;
  }).sort((a, b) => a - b);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return { mean, low: means[Math.floor(ROUNDS * 0.025)] ?? 0, high: means[Math.ceil(ROUNDS * 0.975) - 1] ?? 0 };
}

/** Returns numbers in [0,1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
