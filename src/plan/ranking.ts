import type { Selectivity } from '../model/match.ts';
import type { Looked, Looker } from './look-at-paper.ts';
import type { Perhaps } from './pick-perhaps.ts';
import type { Seating } from './seat-picks.ts';
import type { TasteNumbers } from './taste.ts';

/** Scratch space that ranks the candidates for one reader after another without allocating. */
export interface Ranking {
  /** How many candidates there are. */
  candidateCount: number;
  papers: Int32Array;
  matchIds: Int32Array;
  /** Forgets the last reader and bars what was shown to this one; returns how many were. */
  barShown(shown: ArrayLike<number>): number;
  /** Bars what this reader muted. */
  barMuted(interests: ArrayLike<number>): void;
  /**
   * Finds what the wanted interests hit above the reader's line, or everything where none is wanted; returns how many
   * are wanted.
   */
  collect(interests: ArrayLike<number>, selectivity: Selectivity, taste: TasteNumbers | null): number;
  eligibleCount(): number;
  /**
   * Takes at most `limit` into `papers` and `matchIds`, best first, no two of them near-duplicates; returns how many.
   */
  take(limit: number): number;
  /**
   * Sees to it that one of the `count` taken arrived after `since`, swapping the last for the best that did; false
   * where none did.
   */
  keepNews(count: number, arrived: Float64Array, since: number): boolean;
  /** Seats the editor's papers among those taken; returns how many there are then. */
  seatPicks(seating: Seating): number;
  /** Tells whether something the reader wants hit a candidate, or nothing is wanted. */
  isHit(index: number): boolean;
  /**
   * Picks papers somewhat below the reader's line into `perhaps`, none that was shown, muted, hit at the line or taken;
   * returns how many. They are neither free nor open afterwards.
   */
  pickPerhaps(interests: ArrayLike<number>, selectivity: Selectivity, taste: TasteNumbers | null): number;
  /** What `pickPerhaps` picked. */
  perhaps: Perhaps;
  /** Tells whether a candidate was neither shown, muted nor hit for this reader. */
  isFree(index: number): boolean;
  /** Tells whether a candidate was neither shown nor muted for this reader; what `take` took may be either. */
  isOpen(index: number): boolean;
  /** Tells how a candidate stands at this point of the choice; changes nothing. */
  lookAt(index: number, reader: Looker): Looked;
}
