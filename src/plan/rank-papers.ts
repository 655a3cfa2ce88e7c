import { ahead, sortLists } from './order.ts';
import type { Postings } from './postings.ts';
import type { Ranking } from './ranking.ts';

/** A second interest that hits closes a quarter of the gap to a perfect score. */
const SECOND_WEIGHT = 0.25;
/** Each further paper of the same interest must be this much better, so that a broad interest leaves room for the others. */
const CROWDING = 0.04;
/** More than any rank: the best paper of each interest goes before the second of any other. */
const FIRST_OF_INTEREST = 10;
/** Interests of one reader that are told apart; MAX_INTERESTS is below it. */
const PLACES = 128;

/**
 * Opens the scratch space for candidates in trend order, with the share the trend has in each one's rank, and their near-duplicates.
 * The postings are sorted once for all readers, so that a reader's choice is a merge of a few sorted lists: each step compares their heads.
 */
export function createRanking(
  trendShare: Float64Array,
  postings: Postings,
  twins: readonly (readonly number[])[],
): Ranking {
  const size = trendShare.length;
  const { starts, candidate, score, matchId, interestLimit } = postings;
  const barred = new Uint32Array(size); // = reader: shown, muted, taken or held
  const held = new Uint32Array(size); // = reader: near-duplicate of one taken; waits for another day
  const seen = new Uint32Array(size); // = reader: hit by a wanted interest
  const hits = new Int32Array(size); // the `eligible` papers hit
  const bestHit = new Int32Array(size); // place in the postings
  const rank = new Float64Array(size);
  const sorted = Int32Array.from(candidate, (_, place) => place);
  const head = new Int32Array(PLACES);
  const headIndex = new Int32Array(PLACES);
  const headKey = new Float64Array(PLACES);
  const end = new Int32Array(PLACES);
  const crowd = new Int32Array(PLACES);
  const papers = new Int32Array(size);
  const matchIds = new Int32Array(size);
  let order: Int32Array = sorted; // the postings as this reader's lists run through them
  let byTaste: Int32Array | null = null; // all candidates, where no interest but reactions put them in order
  let reader = 0;
  let eligible = 0;
  let lists = 0;
  let twinned = false; // some paper hit has a near-duplicate
  return { papers, matchIds, start, collect, eligibleCount: () => eligible, take, keepNews, isFree, isOpen };

  function start(interests: ArrayLike<number>, shown: ArrayLike<number>): number {
    reader++;
    let shownCount = 0;
    for (let i = 0; i < shown.length; i++) {
      if (barred[shown[i]!] !== reader) shownCount++;
      barred[shown[i]!] = reader;
    }
    for (let i = 0; i < interests.length; i++) {
      const muted = -interests[i]!;
      if (muted <= 0 || muted >= interestLimit) continue;
      for (let p = starts[muted]!; p < starts[muted + 1]!; p++) {
        if (postings.literal[p]) barred[candidate[p]!] = reader;
      }
    }
    return shownCount;
  }

  function collect(interests: ArrayLike<number>, taste: Float64Array | null): number {
    let wanted = 0;
    eligible = 0;
    lists = 0;
    twinned = false;
    for (let i = 0; i < interests.length; i++) {
      const interest = interests[i]!;
      if (interest <= 0) continue;
      wanted++;
      if (interest < interestLimit && lists < PLACES) hit(interest);
    }
    if (wanted === 0) seeAll();
    order = sorted;
    byTaste = null;
    if (taste) addTaste(taste);
    return wanted;
  }

  function hit(interest: number): void {
    const place = lists++;
    head[place] = starts[interest]!;
    end[place] = starts[interest + 1]!;
    crowd[place] = 0;
    for (let p = head[place]; p < end[place]; p++) {
      const index = candidate[p]!;
      if (barred[index] === reader) continue;
      if (seen[index] === reader) {
        hitAgain(index, p);
        continue;
      }
      seen[index] = reader;
      bestHit[index] = p;
      rank[index] = postings.rank[p]!;
      hits[eligible++] = index;
      if (twins[index]!.length > 0) twinned = true;
    }
  }

  function hitAgain(index: number, p: number): void {
    const before = score[bestHit[index]!]!;
    const better = score[p]! > before;
    const best = better ? score[p]! : before;
    const second = better ? before : score[p]!;
    if (better) bestHit[index] = p;
    rank[index] = best + SECOND_WEIGHT * (1 - best) * second + trendShare[index]!;
  }

  function seeAll(): void {
    for (let index = 0; index < size; index++) {
      if (barred[index] === reader) continue;
      seen[index] = reader;
      rank[index] = trendShare[index]!;
      eligible++;
    }
  }

  function addTaste(taste: Float64Array): void {
    for (let index = 0; index < size; index++) rank[index]! += taste[index]!;
    if (lists === 0) byTaste = Int32Array.from(rank.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b);
    else order = sortLists(head, end, lists, (a, b) => rank[candidate[b]!]! - rank[candidate[a]!]! || a - b);
  }

  function take(limit: number): number {
    if (lists === 0) return takeByTrend(limit);
    if (eligible <= limit && !twinned) return takeAll();
    for (let place = 0; place < lists; place++) advance(place);
    let count = 0;
    while (count < limit) {
      const place = bestHead();
      if (place < 0) break;
      const index = headIndex[place]!;
      crowd[place] = crowd[place]! + 1;
      bar(index);
      keep(index, matchId[bestHit[index]!]!, count++);
    }
    return count;
  }

  /** Where all fit in, nothing has to be weighed: the same result in a third of the time. */
  function takeAll(): number {
    for (let i = 0; i < eligible; i++) {
      const index = hits[i]!;
      barred[index] = reader;
      keep(index, matchId[bestHit[index]!]!, i);
    }
    return eligible;
  }

  function takeByTrend(limit: number): number {
    let count = 0;
    for (let at = 0; at < size && count < limit; at++) {
      const index = byTaste ? byTaste[at]! : at;
      if (barred[index] === reader) continue;
      bar(index);
      keep(index, 0, count++);
    }
    return count;
  }

  /** Takes a paper out of what is left, and holds its near-duplicates back. */
  function bar(index: number): void {
    barred[index] = reader;
    const near = twins[index]!;
    for (let i = 0; i < near.length; i++) {
      const twin = near[i]!;
      if (barred[twin] === reader) continue;
      barred[twin] = reader;
      held[twin] = reader;
    }
  }

  /** Finds the list whose next paper should be taken; -1 where all lists have ended. */
  function bestHead(): number {
    let found = -1;
    for (let place = 0; place < lists; place++) {
      if (headIndex[place]! >= 0 && barred[headIndex[place]!] === reader) advance(place);
      if (headIndex[place]! < 0) continue;
      if (found < 0 || ahead(headKey[place]!, headIndex[place]!, headKey[found]!, headIndex[found]!)) found = place;
    }
    return found;
  }

  /** Moves a list's head past papers that are barred; a list that has ended has the head -1. */
  function advance(place: number): void {
    let p = head[place]!;
    const stop = end[place]!;
    while (p < stop && barred[candidate[order[p]!]!] === reader) p++;
    head[place] = p;
    const index = p === stop ? -1 : candidate[order[p]!]!;
    headIndex[place] = index;
    if (index >= 0)
      headKey[place] = rank[index]! + (crowd[place] === 0 ? FIRST_OF_INTEREST : -CROWDING * crowd[place]!);
  }

  /** Inserts a paper where its rank puts it among those taken: the reader sees the best first, whatever the order of taking. */
  function keep(index: number, id: number, count: number): void {
    const value = rank[index]!;
    let place = count;
    while (place > 0 && ahead(value, index, rank[papers[place - 1]!]!, papers[place - 1]!)) {
      papers[place] = papers[place - 1]!;
      matchIds[place] = matchIds[place - 1]!;
      place--;
    }
    papers[place] = index;
    matchIds[place] = id;
  }

  function keepNews(count: number, arrived: Float64Array, since: number): boolean {
    for (let i = 0; i < count; i++) if (arrived[papers[i]!]! > since) return true;
    let news = -1;
    for (let index = 0; index < size; index++) {
      if (seen[index] !== reader || arrived[index]! <= since) continue;
      if (barred[index] === reader && held[index] !== reader) continue;
      if (news < 0 || rank[index]! > rank[news]!) news = index;
    }
    if (news < 0) return false;
    const twin = papers.subarray(0, count).findIndex((index) => twins[news]!.includes(index));
    const place = twin < 0 ? count - 1 : twin;
    papers[place] = news;
    matchIds[place] = lists === 0 ? 0 : matchId[bestHit[news]!]!;
    return true;
  }

  function isFree(index: number): boolean {
    return barred[index] !== reader && seen[index] !== reader;
  }

  function isOpen(index: number): boolean {
    return barred[index] !== reader;
  }
}
