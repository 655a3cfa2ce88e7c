import type { Postings } from './postings.ts';
import type { ReaderMarks } from './reader-marks.ts';

/** A second interest that hits closes a quarter of the gap to a perfect score. */
const SECOND_WEIGHT = 0.25;

/** A reader's line, and what their reactions add to the score of each candidate before it is held against it. */
export interface ShiftedLine {
  least: number;
  shifts: Float64Array;
}

/** Tells whether the hit at a place of the postings reaches the line, reactions counted. */
export function reaches({ least, shifts }: ShiftedLine, { score, candidate }: Postings, place: number): boolean {
  return score[place]! + shifts[candidate[place]!]! >= least;
}

/** What the candidates are ranked by: `rank` is written for one reader after another, the rest is read. */
export interface Ranks {
  rank: Float64Array;
  /** The share that the trend has in each candidate's rank. */
  trendShare: Float64Array;
  /** What interests hit at the line of the reader at hand. */
  postings: Postings;
  twins: readonly (readonly number[])[];
}

/** The candidates that one reader's wanted interests hit, or all of them where nothing is wanted. */
export interface EligiblePapers {
  ranks: Ranks;
  marks: ReaderMarks;
  /** Those that were hit, in no order; `count` of them are valid. */
  hits: Int32Array;
  count: number;
  /** The best hit of each candidate, as a place in the postings. */
  bestHit: Int32Array;
  /** Whether some paper that was hit has a near-duplicate. */
  twinned: boolean;
}

/** Creates the set, empty. */
export function createEligiblePapers(ranks: Ranks, marks: ReaderMarks): EligiblePapers {
  const size = ranks.rank.length;
  return { ranks, marks, hits: new Int32Array(size), count: 0, bestHit: new Int32Array(size), twinned: false };
}

/** Forgets the last reader's papers. */
export function clearPapers(eligible: EligiblePapers): void {
  eligible.count = 0;
  eligible.twinned = false;
}

/** Adds what an interest hits, each with its rank; where there are reactions, what reaches the line with them. */
export function addHits(eligible: EligiblePapers, interest: number, line: ShiftedLine | null): void {
  const { ranks, marks, hits, bestHit } = eligible;
  const { postings, rank, twins } = ranks;
  const { reader, barred, seen } = marks;
  const stop = postings.starts[interest + 1]!;
  for (let p = postings.starts[interest]!; p < stop; p++) {
    const index = postings.candidate[p]!;
    if (barred[index] === reader) continue;
    if (line !== null && !reaches(line, postings, p)) continue;
    if (seen[index] === reader) hitAgain(eligible, index, p);
    else {
      seen[index] = reader;
      bestHit[index] = p;
      rank[index] = postings.rank[p]!;
      hits[eligible.count++] = index;
      if (twins[index]!.length > 0) eligible.twinned = true;
    }
  }
}

function hitAgain({ ranks, bestHit }: EligiblePapers, index: number, p: number): void {
  const { score } = ranks.postings;
  const before = score[bestHit[index]!]!;
  const better = score[p]! > before;
  const best = better ? score[p]! : before;
  const second = better ? before : score[p]!;
  if (better) bestHit[index] = p;
  ranks.rank[index] = best + SECOND_WEIGHT * (1 - best) * second + ranks.trendShare[index]!;
}

/** Adds all candidates, ranked by their trend alone. */
export function addAll(eligible: EligiblePapers): void {
  const { rank, trendShare } = eligible.ranks;
  const { reader, barred, seen } = eligible.marks;
  for (let index = 0; index < rank.length; index++) {
    if (barred[index] === reader) continue;
    seen[index] = reader;
    rank[index] = trendShare[index]!;
    eligible.hits[eligible.count++] = index;
  }
}

/** Returns the id of the best match behind a candidate that an interest hit. */
export function matchBehind({ ranks, bestHit }: EligiblePapers, index: number): number {
  return ranks.postings.matchId[bestHit[index]!]!;
}

/** Returns the interest that brings a candidate: the one behind its best hit. */
export function interestBehind({ ranks, bestHit }: EligiblePapers, index: number): number {
  return ranks.postings.interest[bestHit[index]!]!;
}
