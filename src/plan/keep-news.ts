import { interestBehind, matchBehind } from './eligible-papers.ts';
import { barWithTwins } from './reader-marks.ts';
import type { RankingSpace } from './ranking-space.ts';
import { halfOf } from './take-papers.ts';

/**
 * Sees to it that one of the `count` taken arrived after `since`, swapping one for the best that did: its near-
 * duplicate, the last of its own interest where that has half of the room, else the last; false where none did.
 */
export function keepNews(space: RankingSpace, count: number, arrived: Float64Array, since: number): boolean {
  const { lists, eligible, taken } = space;
  const { twins } = space.ranks;
  for (let i = 0; i < count; i++) if (arrived[taken.papers[i]!]! > since) return true;
  const news = bestNews(space, arrived, since);
  if (news < 0) return false;
  const twin = taken.papers.subarray(0, count).findIndex((index) => twins[news]!.includes(index));
  const place = twin < 0 ? placeFor(space, count, news) : twin;
  taken.set(place, news, lists.count === 0 ? 0 : matchBehind(eligible, news));
  barWithTwins(space.marks, news);
  return true;
}

function placeFor({ lists, eligible, taken }: RankingSpace, count: number, news: number): number {
  if (lists.count === 0) return count - 1;
  const interest = interestBehind(eligible, news);
  let last = count - 1;
  let share = 0;
  for (let i = 0; i < count; i++) {
    if (interestBehind(eligible, taken.papers[i]!) !== interest) continue;
    last = i;
    share++;
  }
  return share >= halfOf(count) ? last : count - 1;
}

/**
 * Finds the best candidate that arrived later and was hit: one that is still open, or a near-duplicate of one taken; or
 * -1.
 */
function bestNews(
  { ranks: { rank }, marks: { reader, barred, held, seen } }: RankingSpace,
  arrived: Float64Array,
  since: number,
): number {
  let news = -1;
  for (let index = 0; index < rank.length; index++) {
    if (seen[index] !== reader || arrived[index]! <= since) continue;
    if (barred[index] === reader && held[index] !== reader) continue;
    if (news < 0 || rank[index]! > rank[news]!) news = index;
  }
  return news;
}
