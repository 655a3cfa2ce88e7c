import { reaches, type ShiftedLine } from './eligible-papers.ts';
import { ahead, sortLists } from './order.ts';
import type { Postings } from './postings.ts';
import type { ReaderMarks } from './reader-marks.ts';

/**
 * Each further paper of the same interest must be this much better, so that a broad interest leaves room for the
 * others.
 */
const CROWDING = 0.04;
/** More than any rank: the best paper of each interest goes before the second of any other. */
const FIRST_OF_INTEREST = 10;
/** Interests of one reader that are told apart; MAX_INTERESTS is below it. */
const PLACES = 128;

/** The sorted lists of one reader's interests, merged: each step compares their heads and takes the best. */
export interface InterestLists {
  postings: Postings;
  rank: Float64Array;
  marks: ReaderMarks;
  /** How many lists the reader has; of the arrays below so many places are valid. */
  count: number;
  head: Int32Array;
  end: Int32Array;
  /** The candidate at the head; -1 where the list has ended. */
  headIndex: Int32Array;
  headKey: Float64Array;
  /** Papers taken of the list so far. */
  crowd: Int32Array;
  /** The interest of each list, and how many of the papers taken it brings. */
  interest: Int32Array;
  share: Int32Array;
  /** The list that the paper to be taken next stands in. */
  next: number;
  /** The places of the postings as they stand, and as this reader's lists run through them. */
  sorted: Int32Array;
  order: Int32Array;
}

/**
 * Creates the merge over postings, which were sorted once for all readers, and the ranks for one of them; each reader
 * brings postings of their line, none longer than these.
 */
export function createInterestLists(postings: Postings, rank: Float64Array, marks: ReaderMarks): InterestLists {
  const sorted = Int32Array.from(postings.candidate, (_, place) => place);
  return {
    ...{ postings, rank, marks, count: 0, next: 0, sorted, order: sorted },
    head: new Int32Array(PLACES),
    end: new Int32Array(PLACES),
    headIndex: new Int32Array(PLACES),
    headKey: new Float64Array(PLACES),
    crowd: new Int32Array(PLACES),
    interest: new Int32Array(PLACES),
    share: new Int32Array(PLACES),
  };
}

/** Forgets the last reader's lists; the next one's are of these postings. */
export function clearLists(lists: InterestLists, postings: Postings): void {
  lists.postings = postings;
  lists.count = 0;
  lists.order = lists.sorted;
}

/** Adds the list of an interest; false where there are as many as are told apart. */
export function addList(lists: InterestLists, interest: number): boolean {
  const { count, postings } = lists;
  if (count === PLACES) return false;
  lists.head[count] = postings.starts[interest]!;
  lists.end[count] = postings.starts[interest + 1]!;
  lists.crowd[count] = 0;
  lists.interest[count] = interest;
  lists.share[count] = 0;
  lists.count++;
  return true;
}

/** Sorts the lists anew by rank, where reactions have changed it, and leaves out what does not reach the line. */
export function sortByRank(lists: InterestLists, line: ShiftedLine | null): void {
  const { head, end, count, rank, postings } = lists;
  const { candidate } = postings;
  const kept = (place: number) => line === null || reaches(line, postings, place);
  lists.order = sortLists(head, end, count, kept, (a, b) => rank[candidate[b]!]! - rank[candidate[a]!]! || a - b);
}

/** Moves every head past what is barred. */
export function openLists(lists: InterestLists): void {
  for (let place = 0; place < lists.count; place++) advance(lists, place);
}

/** Returns the candidate to be looked at next, which the caller then bars; -1 where all lists have ended. */
export function nextPaper(lists: InterestLists): number {
  const { headIndex, headKey, marks, count } = lists;
  const { reader, barred } = marks;
  let found = -1;
  for (let place = 0; place < count; place++) {
    if (headIndex[place]! >= 0 && barred[headIndex[place]!] === reader) advance(lists, place);
    if (headIndex[place]! < 0) continue;
    if (found < 0 || ahead(headKey[place]!, headIndex[place]!, headKey[found]!, headIndex[found]!)) found = place;
  }
  lists.next = found;
  return found < 0 ? -1 : headIndex[found]!;
}

/** Counts the candidate that was looked at last as taken: the next of its list must be better. */
export function tookNext(lists: InterestLists): void {
  lists.crowd[lists.next]!++;
}

/** Counts one more paper that an interest brings; false where it has brought as many as it may. */
export function claimShare(lists: InterestLists, interest: number, most: number): boolean {
  let place = 0;
  while (lists.interest[place] !== interest) place++;
  if (lists.share[place]! >= most) return false;
  lists.share[place]!++;
  return true;
}

/** Moves a list's head past papers that are barred. */
function advance(lists: InterestLists, at: number): void {
  const { head, headIndex, order, rank } = lists;
  const { reader, barred } = lists.marks;
  const { candidate } = lists.postings;
  const stop = lists.end[at]!;
  let p = head[at]!;
  while (p < stop && barred[candidate[order[p]!]!] === reader) p++;
  head[at] = p;
  const index = p === stop ? -1 : candidate[order[p]!]!;
  headIndex[at] = index;
  if (index < 0) return;
  const crowd = lists.crowd[at]!;
  lists.headKey[at] = rank[index]! + (crowd === 0 ? FIRST_OF_INTEREST : -CROWDING * crowd);
}
