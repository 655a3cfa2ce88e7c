import { leastPerhaps, leastScore, type Selectivity } from '../model/match.ts';
import type { Postings } from './postings.ts';
import type { RankingSpace } from './ranking-space.ts';
import { barWithTwins } from './reader-marks.ts';
import type { TasteNumbers } from './taste.ts';

/** Papers that are perhaps right: as many as are read at a glance, and few beside what is. */
export const PERHAPS_COUNT = 5;

/** The papers that are perhaps right for one reader, best first, with the match behind each. */
export interface Perhaps {
  papers: Int32Array;
  matchIds: Int32Array;
}

/** Creates the list, empty. */
export const createPerhaps = (): Perhaps => ({
  papers: new Int32Array(PERHAPS_COUNT),
  matchIds: new Int32Array(PERHAPS_COUNT),
});

/** Whose papers are picked. */
interface Near {
  interests: ArrayLike<number>;
  selectivity: Selectivity;
  taste: TasteNumbers | null;
}

/**
 * Picks at most five papers that some wanted interest hits somewhat below the reader's line, best first, none of them
 * shown before, muted, hit at the line itself or like one that stands above; where there are reactions, by the scores
 * that these leave. Those that are picked are barred from what stands below. Returns how many. Only who asked for it
 * pays for it.
 */
export function pickPerhaps(space: RankingSpace, reader: Near, into: Perhaps): number {
  const { marks } = space;
  const postings = reader.taste ? space.hits.all : space.hits.perhaps[reader.selectivity];
  const best = bestHits(space, postings, reader);
  const rankAt = (place: number) => postings.rank[place]! + (reader.taste?.lifts[postings.candidate[place]!] ?? 0);
  const ordered = [...best].sort(([a, at], [b, bt]) => rankAt(bt) - rankAt(at) || a - b);
  let count = 0;
  for (const [index, place] of ordered) {
    if (count === PERHAPS_COUNT) break;
    if (marks.barred[index] === marks.reader) continue;
    barWithTwins(marks, index);
    into.papers[count] = index;
    into.matchIds[count++] = postings.matchId[place]!;
  }
  return count;
}

/** Finds the best hit in the band of each paper that is neither barred nor hit at the line. */
function bestHits({ marks }: RankingSpace, postings: Postings, { interests, selectivity, taste }: Near) {
  const best = new Map<number, number>();
  const [from, to] = [leastPerhaps(selectivity), leastScore(selectivity)];
  for (let i = 0; i < interests.length; i++) {
    const interest = interests[i]!;
    if (interest <= 0 || interest >= postings.interestLimit) continue;
    for (let p = postings.starts[interest]!; p < postings.starts[interest + 1]!; p++) {
      const index = postings.candidate[p]!;
      if (marks.barred[index] === marks.reader || marks.seen[index] === marks.reader) continue;
      const score = postings.score[p]! + (taste?.shifts[index] ?? 0);
      if (score < from || score >= to) continue;
      const before = best.get(index);
      if (before === undefined || postings.score[p]! > postings.score[before]!) best.set(index, p);
    }
  }
  return best;
}
