/** Why a paper matched, in a form that page, mail and API can word for themselves. */
export type ReasonKind =
  | 'phrase'
  | 'words'
  | 'title'
  | 'related'
  | 'concept'
  | 'topic'
  | 'author'
  | 'organization'
  | 'example'
  | 'reaction'
  | 'trend';

/** One reason: what was found and where. */
export interface Reason {
  kind: ReasonKind;
  /** The term or name found, as the reader or topic words it. */
  text: string;
  /** `examples`: among what the reader gave as examples. */
  where: 'title' | 'abstract' | 'authors' | 'organization' | 'examples' | 'list';
  /** The sentence or stretch around the hit, where one helps. */
  snippet?: string;
  /** The concept that the text belongs to, where the kind is `concept`. */
  of?: string;
}

/** One interest against one paper. */
export interface Match {
  /** Probability that the reader calls the paper right, in [0,1]; it means the same for every interest. */
  score: number;
  /** Strongest first; at most a handful. */
  reasons: Reason[];
}

/** A match as stored. */
export interface StoredMatch extends Match {
  id: number;
  interestId: number;
  paperId: number;
}

/** How sure a paper must be before it is sent, from «only sure ones» to «a few more». */
export const SELECTIVITIES = ['sure', 'normal', 'more'] as const;

export type Selectivity = (typeof SELECTIVITIES)[number];

/** The reader's line: the least score that a newsletter takes. Everybody begins with the normal one. */
export const LINES: Readonly<Record<Selectivity, number>> = { sure: 0.7, normal: 0.5, more: 0.35 };

/** Returns the least score taken at a reader's line, as scores are stored: in 32 bits. */
export const leastScore = (selectivity: Selectivity): number => Math.fround(LINES[selectivity]);

/** Matches that score less are not stored: every line lies above. */
export const STORED_FROM = 0.3;

/** The least score of what is «perhaps» right for a reader: the next looser line, the last one what is stored. */
const PERHAPS_FROM: Readonly<Record<Selectivity, number>> = {
  sure: LINES.normal,
  normal: LINES.more,
  more: STORED_FROM,
};

/** Returns the least score of what is «perhaps» right for a reader, as scores are stored. */
export const leastPerhaps = (selectivity: Selectivity): number => Math.fround(PERHAPS_FROM[selectivity]);
