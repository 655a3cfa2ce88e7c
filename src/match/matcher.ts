import type { InterestKind } from '../model/interest.ts';
import { MIN_MATCH_SCORE, type Match, type Reason } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { scoreLike, type LikeExamples } from './examples/like-score.ts';
import { authorMatches, organizationMatches } from './named.ts';
import { keepEquivalents, learnAcronyms } from './equivalents.ts';
import { indexPapers } from './paper-index.ts';
import { readQuery } from './query.ts';
import { findNeighbours } from './semantics.ts';
import type { MatcherState, MatchResources, Part, Scored } from './state.ts';
import { layOut } from './term-space.ts';
import { readTopicTerms } from './topic-affinity.ts';
import { topicReasons, topicScores } from './topic-score.ts';
import { scoreWords } from './words-score.ts';

/**
 * Version of the rules and of the shipped knowledge; raise it when a score or a reason may change. Stored matches carry
 * it, and older ones are made anew.
 */
export const MATCHER_VERSION = 3;

/** An interest to be matched: its text as written, or its canonical key; a topic's slug for kind topic. */
export interface MatchInterest {
  id: number | string;
  kind: InterestKind;
  text: string;
  /** What papers are to be like, for kind like. */
  like?: LikeExamples;
}

/** One paper that an interest found. */
export interface PaperMatch extends Match {
  paper: PaperText;
  /**
   * Whether the paper holds what was asked for as it stands (a whole phrase or word between commas, a name, a term of
   * the topic), not merely something related: only this may mute.
   */
  literal: boolean;
}

export interface MatchOptions {
  /** Leaves out what scores lower; by default everything over 0 is given. */
  minScore?: number;
  /** Gives at most so many. */
  top?: number;
  /** Gives these alone; the others still serve as a background. */
  only?: (paper: PaperText) => boolean;
  /**
   * How near each paper is by an embedding model, in [0,1], in the order of the papers; heard for an interest in words.
   */
  embedded?: Float32Array | undefined;
}

/** Papers, read once, against which any number of interests can be matched. */
export interface Matcher {
  /**
   * Returns the papers that fit, best first; equal scores in the order of the papers. Empty where there is nothing to
   * look for.
   */
  match(interest: MatchInterest, options?: MatchOptions): PaperMatch[];
  /** Returns the papers that muting these words leaves out, in the order of the papers: those they match literally. */
  muted(text: string): PaperMatch[];
}

/** Reads papers into a matcher. Time and memory grow with the text of the papers. */
export function createMatcher(papers: readonly PaperText[], resources: MatchResources): Matcher {
  const uses = (part: Part) => !resources.without?.includes(part);
  const index = indexPapers(papers, uses('title') ? undefined : 1);
  const keep = { acronyms: uses('acronyms'), twins: uses('twins') };
  const knowledge = {
    ...resources.knowledge,
    equivalents: keepEquivalents(resources.knowledge.equivalents, keep),
  };
  const space = once(() => layOut(index, knowledge));
  const state: MatcherState = {
    ...resources,
    knowledge,
    uses,
    index,
    learned: keepEquivalents(learnAcronyms(papers.map(({ title, abstract }) => `${title}. ${abstract}`)), keep),
    topicTerms: readTopicTerms(resources.topics),
    space,
    neighbours: once(() => findNeighbours(space())),
    topicScores: remember((at) => topicScores(index, resources.topics[at] as Topic)),
  };
  return {
    match: (interest, options = {}) => matchOne(state, interest, options),
    muted: (text) => mutedPapers(state, text),
  };
}

function matchOne(state: MatcherState, interest: MatchInterest, options: MatchOptions): PaperMatch[] {
  if (interest.kind === 'author') return select(state, authorMatches(state.index.papers, interest.text), options);
  if (interest.kind === 'organization')
    return select(state, organizationMatches(state.index.papers, interest.text), options);
  if (interest.kind === 'topic') {
    const at = state.topics.findIndex((one) => one.slug === interest.text);
    const topic = state.topics[at];
    if (!topic) return [];
    return select(
      state,
      {
        scores: state.topicScores(at),
        literal: () => true,
        reasons: (paper) => topicReasons(state.index, topic, paper),
      },
      options,
    );
  }
  if (interest.kind === 'like') return select(state, scoreLike(state.index, interest.like ?? NO_EXAMPLES), options);
  const query = readQuery(interest.text, state.knowledge.equivalents, state.learned);
  return query.facets.length === 0 ? [] : select(state, scoreWords(state, query, options), options);
}

const NO_EXAMPLES: LikeExamples = { examples: [], leftOut: [] };

function select(
  state: MatcherState,
  scored: Scored,
  { minScore = 0, top = Infinity, only }: MatchOptions,
): PaperMatch[] {
  const { papers } = state.index;
  const places: number[] = [];
  for (const [at, paper] of papers.entries()) {
    const score = scored.scores[at] ?? 0;
    if (score > 0 && score >= minScore && (!only || only(paper))) places.push(at);
  }
  places.sort((a, b) => (scored.scores[b] ?? 0) - (scored.scores[a] ?? 0) || a - b);
  return places.slice(0, top).map((at) => toMatch(papers[at] as PaperText, scored, at));
}

/** The reasons are worked out when they are first asked for: ranking alone needs none. */
function toMatch(paper: PaperText, scored: Scored, at: number): PaperMatch {
  let reasons: Reason[] | undefined;
  return {
    paper,
    score: Math.min(1, Math.max(1e-4, Math.round((scored.scores[at] ?? 0) * 1e4) / 1e4)),
    literal: scored.literal(at),
    get reasons() {
      return (reasons ??= scored.reasons(at));
    },
  };
}

function mutedPapers(state: MatcherState, text: string): PaperMatch[] {
  const places = new Map(state.index.papers.map((paper, at) => [paper, at]));
  return matchOne(state, { id: 'muted', kind: 'words', text }, { minScore: MIN_MATCH_SCORE })
    .filter(({ literal }) => literal)
    .sort((a, b) => (places.get(a.paper) ?? 0) - (places.get(b.paper) ?? 0));
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  let done = false;
  return () => {
    if (!done) made = make();
    done = true;
    return made as T;
  };
}

function remember<T>(make: (at: number) => T): (at: number) => T {
  const made = new Map<number, T>();
  return (at) => {
    const known = made.get(at) ?? make(at);
    made.set(at, known);
    return known;
  };
}
