import type { EligiblePapers, Ranks } from './eligible-papers.ts';
import type { Hits } from './hits.ts';
import type { InterestLists } from './interest-lists.ts';
import type { ReaderMarks } from './reader-marks.ts';
import type { Shortlist } from './shortlist.ts';

/** What the ranking of one reader works in; it is used again for the next one. */
export interface RankingSpace {
  hits: Hits;
  ranks: Ranks;
  marks: ReaderMarks;
  lists: InterestLists;
  eligible: EligiblePapers;
  taken: Shortlist;
  /** All candidates by rank, where no interest but reactions put them in order. */
  byTaste: Int32Array | null;
  /** Papers of interests that have their half of the room, kept for where the others cannot fill the rest. */
  waiting: Int32Array;
}
