import { addAll, addHits, clearPapers, createEligiblePapers, type Ranks, type ShiftedLine } from './eligible-papers.ts';
import { addList, clearLists, createInterestLists, sortByRank } from './interest-lists.ts';
import { leastScore, type Selectivity } from '../model/match.ts';
import type { Hits } from './hits.ts';
import { keepNews } from './keep-news.ts';
import type { Ranking } from './ranking.ts';
import { lookAt } from './look-at-paper.ts';
import type { RankingSpace } from './ranking-space.ts';
import { createReaderMarks } from './reader-marks.ts';
import { createPerhaps, pickPerhaps } from './pick-perhaps.ts';
import { seatPicks } from './seat-picks.ts';
import { createShortlist } from './shortlist.ts';
import { take } from './take-papers.ts';
import type { TasteNumbers } from './taste.ts';

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
  const space: RankingSpace = {
    hits,
    ranks,
    marks,
    lists,
    eligible,
    taken,
    byTaste: null,
    waiting: new Int32Array(trendShare.length),
  };
  const perhaps = createPerhaps();
  return {
    candidateCount: trendShare.length,
    papers: taken.papers,
    matchIds: taken.matchIds,
    barShown: (shown) => barShown(space, shown),
    barMuted: (interests) => barMuted(space, interests),
    collect: (interests, selectivity, taste) => collect(space, interests, selectivity, taste),
    eligibleCount: () => eligible.count,
    take: (limit) => take(space, limit),
    keepNews: (count, arrived, since) => keepNews(space, count, arrived, since),
    seatPicks: (seating) => seatPicks(space, seating),
    isHit: (index) => marks.seen[index] === marks.reader,
    pickPerhaps: (interests, selectivity, taste) => pickPerhaps(space, { interests, selectivity, taste }, perhaps),
    perhaps,
    isFree: (index) => marks.barred[index] !== marks.reader && marks.seen[index] !== marks.reader,
    isOpen: (index) => marks.barred[index] !== marks.reader,
    lookAt: (index, reader) => lookAt(space, index, reader),
  };
}

function barShown({ marks }: RankingSpace, shown: ArrayLike<number>): number {
  const reader = ++marks.reader;
  const { barred } = marks;
  let shownCount = 0;
  for (let i = 0; i < shown.length; i++) {
    if (barred[shown[i]!] !== reader) shownCount++;
    barred[shown[i]!] = reader;
  }
  return shownCount;
}

function barMuted({ marks: { barred, reader }, hits }: RankingSpace, interests: ArrayLike<number>): void {
  const mutes = hits.muted;
  for (let i = 0; i < interests.length; i++) {
    const muted = -interests[i]!;
    if (muted <= 0 || muted >= mutes.interestLimit) continue;
    for (let p = mutes.starts[muted]!; p < mutes.starts[muted + 1]!; p++) barred[mutes.candidate[p]!] = reader;
  }
}

function collect(
  space: RankingSpace,
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

function addTaste(space: RankingSpace, lifts: Float64Array, line: ShiftedLine | null): void {
  const { lists } = space;
  const { rank } = space.ranks;
  for (let index = 0; index < rank.length; index++) rank[index]! += lifts[index]!;
  if (lists.count > 0) sortByRank(lists, line);
  else space.byTaste = Int32Array.from(rank.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b);
}
