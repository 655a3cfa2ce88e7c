import { leastPerhaps, leastScore, SELECTIVITIES, type Selectivity } from '../model/match.ts';
import { createPostings, type PlacedMatch, type Postings } from './postings.ts';

/** What interests hit, laid out for each line by itself: no reader pays for the comparison. */
export interface Hits {
  sure: Postings;
  normal: Postings;
  more: Postings;
  /** What is perhaps right at each line: somewhat below it. */
  perhaps: Record<Selectivity, Postings>;
  /** Everything that is stored: reactions may carry a paper over the line. */
  all: Postings;
  /** What muted interests leave out, whatever the line. */
  muted: Postings;
}

/** Lays out placed matches for each line. */
export function createHits(placed: readonly PlacedMatch[]): Hits {
  const above = (selectivity: Selectivity) => {
    const least = leastScore(selectivity);
    return createPostings(placed.filter(({ score }) => score >= least));
  };
  const near = (selectivity: Selectivity) => {
    const [from, to] = [leastPerhaps(selectivity), leastScore(selectivity)];
    return createPostings(placed.filter(({ score }) => score >= from && score < to));
  };
  return {
    sure: above('sure'),
    normal: above('normal'),
    more: above('more'),
    perhaps: Object.fromEntries(
      SELECTIVITIES.map((selectivity) => [selectivity, near(selectivity)]),
    ) as Hits['perhaps'],
    all: createPostings(placed),
    muted: createPostings(placed.filter(({ literal }) => literal)),
  };
}
