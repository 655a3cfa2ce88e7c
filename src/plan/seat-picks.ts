import { matchBehind } from './eligible-papers.ts';
import type { RankingSpace } from './ranking-space.ts';
import { barWithTwins } from './reader-marks.ts';

/** A choice that the editor's papers are to stand in. */
export interface Seating {
  /** Indexes of the editor's papers. */
  picks: readonly number[];
  /** Papers taken so far, and most that the reader gets. */
  count: number;
  limit: number;
  /** When candidates arrived, and since when that is news to the reader, in milliseconds. */
  arrived: Float64Array;
  since: number;
}

/**
 * Seats the editor's papers behind those that were taken, in the places of the last of them where there is no room;
 * returns how many there are then. A paper that was shown, is muted, or is near one that was taken gets no place, and
 * one that was taken keeps its own. The reader's best paper always stays, and so does their only news.
 */
export function seatPicks(space: RankingSpace, seating: Seating): number {
  const { marks, taken } = space;
  const open: number[] = [];
  for (const index of seating.picks) {
    if (marks.barred[index] === marks.reader) continue;
    barWithTwins(marks, index);
    open.push(index);
  }
  let count = seating.count;
  for (const [at, index] of open.slice(0, seating.limit - 1).entries()) {
    if (count >= seating.limit && !makeRoom(space, seating, { count, seated: at })) break;
    const end = Math.min(count, seating.limit - 1);
    taken.set(end, index, matchOf(space, index));
    count = end + 1;
  }
  return count;
}

/** Takes out the last paper that may go, so that the last place is free; false where none may. */
function makeRoom(
  { taken }: RankingSpace,
  { picks, arrived, since }: Seating,
  { count, seated }: { count: number; seated: number },
): boolean {
  const { papers, matchIds } = taken;
  const isNews = (index: number) => arrived[index]! > since;
  const news = papers.subarray(0, count - seated).filter(isNews).length;
  for (let place = count - seated - 1; place > 0; place--) {
    const index = papers[place]!;
    if (picks.includes(index) || (news === 1 && isNews(index))) continue;
    for (let at = place; at < count - 1; at++) taken.set(at, papers[at + 1]!, matchIds[at + 1]!);
    return true;
  }
  return false;
}

/** The match behind a paper that something the reader wants hit; 0 for others, and where nothing is wanted. */
function matchOf({ lists, eligible, marks }: RankingSpace, index: number): number {
  return lists.count > 0 && marks.seen[index] === marks.reader ? matchBehind(eligible, index) : 0;
}
