import type { Reason } from '../model/match.ts';
import type { ConceptEvidence } from './concepts/concept-evidence.ts';
import type { Equivalents } from './equivalents.ts';
import type { Knowledge } from './knowledge.ts';
import type { Meaning } from './meaning.ts';
import type { TellingUnit } from './nearest-unit.ts';
import type { PaperIndex } from './paper-index.ts';

/** Parts that can be left out, to measure what each gives; without `title` its words weigh no more than others. */
export type Part = 'meaning' | 'concepts' | 'acronyms' | 'twins' | 'nearness' | 'phrase' | 'title';

/** What the matcher needs beside papers and interests. */
export interface MatchResources {
  knowledge: Knowledge;
  /** Parts left out of scores and of everything that leads to them; none but for measuring. */
  without?: readonly Part[];
}

/** Everything one matcher holds. */
export interface MatcherState {
  knowledge: Knowledge;
  uses: (part: Part) => boolean;
  index: PaperIndex;
  /** Acronyms that these papers define. */
  learned: Equivalents;
  /** Unit vector of each paper's meaning, `dimensions` numbers a paper. */
  meanings: Float32Array;
  /** The units of a paper that tell enough to be shown. */
  tellingUnits: (paper: number) => readonly TellingUnit[];
  /** Whether any of them is near a meaning. */
  nearness: (meaning: Meaning) => (paper: number) => boolean;
  /** For each paper what it says of concepts, by their place in the lexicon. */
  concepts: readonly ReadonlyMap<number, ConceptEvidence>[];
}

/** What was found out about all papers, and what lies behind that of any one. */
export interface Scored {
  /** The probability that the reader would call the paper right; 0 where it is out of the question. */
  scores: Float32Array;
  /** Puts papers in order, the best highest. */
  order: Float32Array;
  /** Whether the paper holds what was asked for as it stands. */
  literal(paper: number): boolean;
  reasons(paper: number): Reason[];
}
