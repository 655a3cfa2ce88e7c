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
 * Opens the scratch space for `size` candidates in trend order, with the share the trend has in each one's rank.
 * The postings are sorted once for all readers, so that a reader's choice is a merge of a few sorted lists: each step compares their heads.
 */
export function createRanking(size: number, trendShare: Float64Array, postings: Postings): Ranking {
  const { starts, candidate, score, matchId, interestLimit } = postings;
  const barred = new Uint32Array(size); // = reader: shown, muted or taken
  const seen = new Uint32Array(size); // = reader: hit by a wanted interest
  const bestHit = new Int32Array(size); // place in the postings
  const rank = new Float64Array(size);
  const sorted = Int32Array.from(candidate, (_, place) => place);
  const head = new Int32Array(PLACES);
  const end = new Int32Array(PLACES);
  const crowd = new Int32Array(PLACES);
  const papers = new Int32Array(size);
  const matchIds = new Int32Array(size);
  let order: Int32Array = sorted; // the postings as this reader's lists run through them
  let reader = 0;
  let eligible = 0;
  let lists = 0;
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
    for (let i = 0; i < interests.length; i++) {
      const interest = interests[i]!;
      if (interest <= 0) continue;
      wanted++;
      if (interest < interestLimit && lists < PLACES) hit(interest);
    }
    if (wanted === 0) seeAll();
    order = sorted;
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
      eligible++;
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
    if (lists > 0) order = sortLists(head, end, lists, (a, b) => rank[candidate[b]!]! - rank[candidate[a]!]! || a - b);
  }

  function take(limit: number): number {
    let count = 0;
    if (lists === 0) {
      for (let index = 0; index < size; index++) if (barred[index] !== reader) count = keep(index, 0, count, limit);
      return count;
    }
    while (count < limit) {
      const place = bestHead();
      if (place < 0) break;
      const index = candidate[order[head[place]!]!]!;
      crowd[place] = crowd[place]! + 1;
      barred[index] = reader;
      count = keep(index, matchId[bestHit[index]!]!, count, limit);
    }
    return count;
  }

  /** Finds the list whose next paper should be taken, passing over papers that are barred or taken; -1 where all lists have ended. */
  function bestHead(): number {
    let found = -1;
    let foundKey = 0;
    let foundIndex = 0;
    for (let place = 0; place < lists; place++) {
      let p = head[place]!;
      const stop = end[place]!;
      while (p < stop && barred[candidate[order[p]!]!] === reader) p++;
      head[place] = p;
      if (p === stop) continue;
      const index = candidate[order[p]!]!;
      const key = rank[index]! + (crowd[place] === 0 ? FIRST_OF_INTEREST : -CROWDING * crowd[place]!);
      if (found >= 0 && !ahead(key, index, foundKey, foundIndex)) continue;
      found = place;
      foundKey = key;
      foundIndex = index;
    }
    return found;
  }

  /** Inserts a paper where its rank puts it among those taken, at most `limit`: the reader sees the best first, whatever the order of taking. */
  function keep(index: number, id: number, count: number, limit: number): number {
    const value = rank[index]!;
    if (count === limit && !ahead(value, index, rank[papers[count - 1]!]!, papers[count - 1]!)) return count;
    let place = count < limit ? count : count - 1;
    while (place > 0 && ahead(value, index, rank[papers[place - 1]!]!, papers[place - 1]!)) {
      papers[place] = papers[place - 1]!;
      matchIds[place] = matchIds[place - 1]!;
      place--;
    }
    papers[place] = index;
    matchIds[place] = id;
    return count < limit ? count + 1 : count;
  }

  function keepNews(count: number, arrived: Float64Array, since: number): boolean {
    for (let i = 0; i < count; i++) if (arrived[papers[i]!]! > since) return true;
    let news = -1;
    for (let index = 0; index < size; index++) {
      if (seen[index] !== reader || barred[index] === reader || arrived[index]! <= since) continue;
      if (news < 0 || rank[index]! > rank[news]!) news = index;
    }
    if (news < 0) return false;
    papers[count - 1] = news;
    matchIds[count - 1] = lists === 0 ? 0 : matchId[bestHit[news]!]!;
    return true;
  }

  function isFree(index: number): boolean {
    return barred[index] !== reader && seen[index] !== reader;
  }

  function isOpen(index: number): boolean {
    return barred[index] !== reader;
  }
}

/** Sorts the lists between `head` and `end` anew into an order of their own, and points both at it. */
function sortLists(
  head: Int32Array,
  end: Int32Array,
  lists: number,
  compare: (a: number, b: number) => number,
): Int32Array {
  const order: number[] = [];
  for (let place = 0; place < lists; place++) {
    const list = Array.from({ length: end[place]! - head[place]! }, (_, i) => head[place]! + i).sort(compare);
    head[place] = order.length;
    order.push(...list);
    end[place] = order.length;
  }
  return Int32Array.from(order);
}

/** Higher values first; equal ones in the order of the candidates. */
const ahead = (value: number, index: number, otherValue: number, otherIndex: number): boolean =>
  value > otherValue || (value === otherValue && index < otherIndex);
