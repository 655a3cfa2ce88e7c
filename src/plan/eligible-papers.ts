import type { Postings } from './postings.ts';
import type { ReaderMarks } from './reader-marks.ts';

/** A second interest that hits closes a quarter of the gap to a perfect score. */
const SECOND_WEIGHT = 0.25;

/** The candidates that one reader's wanted interests hit, or all of them where nothing is wanted. */
export interface EligiblePapers {
  clear(): void;
  /** Adds what an interest hits, each with its rank. */
  hit(interest: number): void;
  /** Adds all candidates, ranked by their trend alone. */
  hitAll(): void;
  count(): number;
  /** The hit candidate at a place below `count`, in no order. */
  at(place: number): number;
  /** Tells whether some paper that was hit has a near-duplicate. */
  hasTwins(): boolean;
  /** Returns the id of the best match behind a candidate that an interest hit. */
  matchOf(index: number): number;
}

/** What the candidates are ranked by: `rank` is written here, the rest is read. */
export interface Ranks {
  rank: Float64Array;
  /** The share that the trend has in each candidate's rank. */
  trendShare: Float64Array;
  postings: Postings;
  twins: readonly (readonly number[])[];
}

/** Creates the set; ranks are written for one reader after another. */
export function createEligiblePapers({ rank, trendShare, postings, twins }: Ranks, marks: ReaderMarks): EligiblePapers {
  const { starts, candidate, score, matchId } = postings;
  const bestHit = new Int32Array(rank.length); // place in the postings
  const hits = new Int32Array(rank.length);
  let count = 0;
  let twinned = false;

  function hit(interest: number): void {
    const stop = starts[interest + 1]!;
    for (let p = starts[interest]!; p < stop; p++) {
      const index = candidate[p]!;
      if (marks.isBarred(index)) continue;
      if (marks.isSeen(index)) hitAgain(index, p);
      else {
        marks.see(index);
        bestHit[index] = p;
        rank[index] = postings.rank[p]!;
        hits[count++] = index;
        if (twins[index]!.length > 0) twinned = true;
      }
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

  function hitAll(): void {
    for (let index = 0; index < rank.length; index++) {
      if (marks.isBarred(index)) continue;
      marks.see(index);
      rank[index] = trendShare[index]!;
      hits[count++] = index;
    }
  }

  return {
    hit,
    hitAll,
    clear: () => {
      count = 0;
      twinned = false;
    },
    count: () => count,
    at: (place) => hits[place]!,
    hasTwins: () => twinned,
    matchOf: (index) => matchId[bestHit[index]!]!,
  };
}
