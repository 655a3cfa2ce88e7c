import type { Ranking } from './ranking.ts';

/** What stands beside the papers chosen for a reader, filled here. */
interface Beside {
  papers: Int32Array;
  count: number;
  trending: Int32Array;
  trendingCount: number;
  movers: Int32Array;
}

/** What is looked at of a candidate. */
interface Listed {
  digestOn: string;
  rise?: number | undefined;
}

/** Papers everyone reads that stand below the reader's own. */
export const TRENDING_COUNT = 3;
/** Movers of the week: as many as are read at a glance. */
export const MOVER_COUNT = 5;

/** Picks papers of the newest list that match nothing the reader asked for; returns how many. */
export function pickTrending(
  { trending }: Pick<Beside, 'trending'>,
  ranking: Ranking,
  ofNewestDay: readonly number[],
): number {
  let count = 0;
  for (const index of ofNewestDay) {
    if (count === TRENDING_COUNT) break;
    if (ranking.isFree(index)) trending[count++] = index;
  }
  return count;
}

/** Picks the papers whose upvotes rose most over the week, none of those above; returns how many. */
export function pickMovers(choice: Beside, ranking: Ranking, risers: readonly number[]): number {
  const taken = new Set([
    ...choice.papers.subarray(0, choice.count),
    ...choice.trending.subarray(0, choice.trendingCount),
  ]);
  let count = 0;
  for (const index of risers) {
    if (count === MOVER_COUNT) break;
    if (ranking.isOpen(index) && !taken.has(index)) choice.movers[count++] = index;
  }
  return count;
}

/** Returns the candidates of the newest list, in order. */
export function ofNewestDay(candidates: readonly Listed[]): number[] {
  const newestDay = candidates.reduce((newest, { digestOn }) => (digestOn > newest ? digestOn : newest), '');
  return candidates.flatMap(({ digestOn }, index) => (digestOn === newestDay ? [index] : []));
}

/** Returns the candidates whose upvotes rose, the highest rise first. */
export function risersOf(candidates: readonly Listed[]): number[] {
  return candidates
    .flatMap(({ rise = 0 }, index) => (rise > 0 ? [{ index, rise }] : []))
    .sort((a, b) => b.rise - a.rise || a.index - b.index)
    .map(({ index }) => index);
}
