/** Why a paper matched, in a form that page, mail and API can word for themselves. */
export type ReasonKind =
  'phrase' | 'words' | 'title' | 'related' | 'topic' | 'author' | 'organization' | 'example' | 'reaction' | 'trend';

/** One reason: what was found and where. */
export interface Reason {
  kind: ReasonKind;
  /** The term or name found, as the reader or topic words it. */
  text: string;
  /** `examples`: among what the reader gave as examples. */
  where: 'title' | 'abstract' | 'authors' | 'organization' | 'examples' | 'list';
  /** The sentence or stretch around the hit, where one helps. */
  snippet?: string;
}

/** One interest against one paper. */
export interface Match {
  /** In [0,1], calibrated: the same threshold means the same for short and long interests. */
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

/** Scores below this are not worth a place in a newsletter. */
export const MIN_MATCH_SCORE = 0.25;
