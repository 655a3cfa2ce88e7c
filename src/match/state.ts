import type { Reason } from '../model/match.ts';
import type { Topic } from '../model/topic.ts';
import type { Equivalents } from './equivalents.ts';
import type { Knowledge } from './knowledge.ts';
import type { PaperIndex } from './paper-index.ts';
import type { Neighbours } from './semantics.ts';
import type { TermSpace } from './term-space.ts';
import type { TopicTerms } from './topic-affinity.ts';

/** Parts that can be left out, to measure what each gives; without `title` its words weigh no more than others. */
export type Part =
  'meaning' | 'feedback' | 'topics' | 'neighbours' | 'acronyms' | 'twins' | 'nearness' | 'phrase' | 'title';

/** What the matcher needs beside papers and interests. */
export interface MatchResources {
  knowledge: Knowledge;
  topics: readonly Topic[];
  /** Parts left out of scores and of everything that leads to them; none but for measuring. */
  without?: readonly Part[];
}

/** Everything one matcher holds. */
export interface MatcherState extends MatchResources {
  index: PaperIndex;
  uses: (part: Part) => boolean;
  /** Acronyms that these papers define. */
  learned: Equivalents;
  topicTerms: TopicTerms;
  /** The papers by terms and meaning, laid out on first use. */
  space(): TermSpace;
  neighbours(): Neighbours;
  /** Scores of all papers for the topic at that place in `topics`. */
  topicScores(topic: number): Float32Array;
}

/** Scores of all papers, and what lies behind that of any one. */
export interface Scored {
  scores: Float32Array;
  /** Whether the paper holds what was asked for as it stands. */
  literal(paper: number): boolean;
  reasons(paper: number): Reason[];
}
