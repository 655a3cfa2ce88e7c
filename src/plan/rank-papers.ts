import {
  addAll,
  addHits,
  clearPapers,
  createEligiblePapers,
  matchBehind,
  type EligiblePapers,
  type Ranks,
  type ShiftedLine,
} from './eligible-papers.ts';
import {
  addList,
  clearLists,
  createInterestLists,
  nextPaper,
  openLists,
  sortByRank,
  type InterestLists,
} from './interest-lists.ts';
import { leastScore, type Selectivity } from '../model/match.ts';
import type { Hits } from './hits.ts';
import type { Ranking } from './ranking.ts';
import { barWithTwins, createReaderMarks, type ReaderMarks } from './reader-marks.ts';
import { createShortlist, type Shortlist } from './shortlist.ts';
import type { TasteNumbers } from './taste.ts';

/** What the ranking of one reader works in; it is used again for the next one. */
interface Space {
  hits: Hits;
  ranks: Ranks;
  marks: ReaderMarks;
  lists: InterestLists;
  eligible: EligiblePapers;
  taken: Shortlist;
  /** All candidates by rank, where no interest but reactions put them in order. */
  byTaste: Int32Array | null;
}

/**
 * Opens the scratch space for candidates in trend order, with the share the trend has in each one's rank, and their
 * near-duplicates. The hits are sorted once for all readers: a reader's choice is a merge of a few sorted lists.
 */
export function createRanking(trendShare: Float64Array, hits: Hits, twins: readonly (readonly number[])[]): Ranking {
  const ranks: Ranks = { rank: new Float64Array(trendShare.length), trendShare, postings: hits.all, twins };
  const marks = createReaderMarks(twins);
  const lists = createInterestLists(hits.all, ranks.rank, marks);
  const eligible = createEligiblePapers(ranks, marks);
  const taken = createShortlist(ranks.rank);
  const space: Space = { hits, ranks, marks, lists, eligible, taken, byTaste: null };
  return {
    papers: taken.papers,
    matchIds: taken.matchIds,
    start: (interests, shown) => start(space, interests, shown),
    collect: (interests, selectivity, taste) => collect(space, interests, selectivity, taste),
    eligibleCount: () => eligible.count,
    take: (limit) => take(space, limit),
    keepNews: (count, arrived, since) => keepNews(space, count, arrived, since),
    isFree: (index) => marks.barred[index] !== marks.reader && marks.seen[index] !== marks.reader,
    isOpen: (index) => marks.barred[index] !== marks.reader,
  };
}

function start({ marks, hits }: Space, interests: ArrayLike<number>, shown: ArrayLike<number>): number {
  const reader = ++marks.reader;
  const { barred } = marks;
  const mutes = hits.muted;
  let shownCount = 0;
  for (let i = 0; i < shown.length; i++) {
    if (barred[shown[i]!] !== reader) shownCount++;
    barred[shown[i]!] = reader;
  }
  for (let i = 0; i < interests.length; i++) {
    const muted = -interests[i]!;
    if (muted <= 0 || muted >= mutes.interestLimit) continue;
    for (let p = mutes.starts[muted]!; p < mutes.starts[muted + 1]!; p++) barred[mutes.candidate[p]!] = reader;
  }
  return shownCount;
}

function collect(
  space: Space,
  interests: ArrayLike<number>,
  selectivity: Selectivity,
  taste: TasteNumbers | null,
): number {
  const { hits, ranks, lists, eligible } = space;
  const postings = taste ? hits.all : hits[selectivity];
  const line = taste && { least: leastScore(selectivity), shifts: taste.shifts };
  let wanted = 0;
  ranks.postings = postings;
  clearPapers(eligible);
  clearLists(lists, postings);
  for (let i = 0; i < interests.length; i++) {
    const interest = interests[i]!;
    if (interest <= 0) continue;
    wanted++;
    if (interest < postings.interestLimit && addList(lists, interest)) addHits(eligible, interest, line);
  }
  if (wanted === 0) addAll(eligible);
  space.byTaste = null;
  if (taste) addTaste(space, taste.lifts, line);
  return wanted;
}

function addTaste(space: Space, lifts: Float64Array, line: ShiftedLine | null): void {
  const { lists } = space;
  const { rank } = space.ranks;
  for (let index = 0; index < rank.length; index++) rank[index]! += lifts[index]!;
  if (lists.count > 0) sortByRank(lists, line);
  else space.byTaste = Int32Array.from(rank.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b);
}

function take(space: Space, limit: number): number {
  const { lists, eligible, marks, taken } = space;
  if (lists.count === 0) return takeByTrend(space, limit);
  if (eligible.count <= limit && !eligible.twinned) return takeAll(space);
  openLists(lists);
  let count = 0;
  while (count < limit) {
    const index = nextPaper(lists);
    if (index < 0) break;
    barWithTwins(marks, index);
    taken.insert(index, matchBehind(eligible, index), count++);
  }
  return count;
}

/** Where all fit in, nothing has to be weighed: the same result in a third of the time. */
function takeAll({ eligible, marks, taken }: Space): number {
  const count = eligible.count;
  for (let i = 0; i < count; i++) {
    const index = eligible.hits[i]!;
    marks.barred[index] = marks.reader;
    taken.insert(index, matchBehind(eligible, index), i);
  }
  return count;
}

function takeByTrend({ ranks: { rank }, byTaste, marks, taken }: Space, limit: number): number {
  let count = 0;
  for (let at = 0; at < rank.length && count < limit; at++) {
    const index = byTaste ? byTaste[at]! : at;
    if (marks.barred[index] === marks.reader) continue;
    barWithTwins(marks, index);
    taken.insert(index, 0, count++);
  }
  return count;
}

function keepNews(space: Space, count: number, arrived: Float64Array, since: number): boolean {
  const { lists, eligible, taken } = space;
  const { twins } = space.ranks;
  for (let i = 0; i < count; i++) if (arrived[taken.papers[i]!]! > since) return true;
  const news = bestNews(space, arrived, since);
  if (news < 0) return false;
  const twin = taken.papers.subarray(0, count).findIndex((index) => twins[news]!.includes(index));
  taken.set(twin < 0 ? count - 1 : twin, news, lists.count === 0 ? 0 : matchBehind(eligible, news));
  return true;
}

/**
 * Finds the best candidate that arrived later and was hit: one that is still open, or a near-duplicate of one taken; or
 * -1.
 */
function bestNews(
  { ranks: { rank }, marks: { reader, barred, held, seen } }: Space,
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
