import { ahead, sortLists } from './order.ts';
import type { Postings } from './postings.ts';
import type { ReaderMarks } from './reader-marks.ts';

/** Each further paper of the same interest must be this much better, so that a broad interest leaves room for the others. */
const CROWDING = 0.04;
/** More than any rank: the best paper of each interest goes before the second of any other. */
const FIRST_OF_INTEREST = 10;
/** Interests of one reader that are told apart; MAX_INTERESTS is below it. */
const PLACES = 128;

/** The sorted lists of one reader's interests, merged: each step compares their heads and takes the best. */
export interface InterestLists {
  clear(): void;
  /** Adds the list of an interest; false where there are as many as are told apart. */
  add(interest: number): boolean;
  count(): number;
  /** Sorts the lists anew by rank, where reactions have changed it. */
  sortByRank(): void;
  /** Makes ready to take: every head is moved past what is barred. */
  open(): void;
  /** The candidate that should be taken next; -1 where all lists have ended. The caller bars it. */
  next(): number;
}

/** Creates the merge over the postings, which were sorted once for all readers, and the ranks of the candidates for this one. */
export function createInterestLists(postings: Postings, rank: Float64Array, marks: ReaderMarks): InterestLists {
  const { starts, candidate } = postings;
  const sorted = Int32Array.from(candidate, (_, place) => place);
  const head = new Int32Array(PLACES);
  const headIndex = new Int32Array(PLACES);
  const headKey = new Float64Array(PLACES);
  const end = new Int32Array(PLACES);
  const crowd = new Int32Array(PLACES);
  let order: Int32Array = sorted; // the postings as this reader's lists run through them
  let lists = 0;

  function clear(): void {
    lists = 0;
    order = sorted;
  }

  function add(interest: number): boolean {
    if (lists === PLACES) return false;
    head[lists] = starts[interest]!;
    end[lists] = starts[interest + 1]!;
    crowd[lists] = 0;
    lists++;
    return true;
  }

  /** Moves a list's head past papers that are barred; a list that has ended has the head -1. */
  function advance(place: number): void {
    let p = head[place]!;
    const stop = end[place]!;
    while (p < stop && marks.isBarred(candidate[order[p]!]!)) p++;
    head[place] = p;
    const index = p === stop ? -1 : candidate[order[p]!]!;
    headIndex[place] = index;
    if (index >= 0)
      headKey[place] = rank[index]! + (crowd[place] === 0 ? FIRST_OF_INTEREST : -CROWDING * crowd[place]!);
  }

  function next(): number {
    let found = -1;
    for (let place = 0; place < lists; place++) {
      if (headIndex[place]! >= 0 && marks.isBarred(headIndex[place]!)) advance(place);
      if (headIndex[place]! < 0) continue;
      if (found < 0 || ahead(headKey[place]!, headIndex[place]!, headKey[found]!, headIndex[found]!)) found = place;
    }
    if (found < 0) return -1;
    crowd[found]!++;
    return headIndex[found]!;
  }

  return {
    clear,
    add,
    next,
    count: () => lists,
    sortByRank: () => {
      order = sortLists(head, end, lists, (a, b) => rank[candidate[b]!]! - rank[candidate[a]!]! || a - b);
    },
    open: () => {
      for (let place = 0; place < lists; place++) advance(place);
    },
  };
}
