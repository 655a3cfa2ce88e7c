import { atOnce, inSlices, type Steps } from '../lib/slices.ts';
import type { InterestKind } from '../model/interest.ts';
import type { Match, Reason } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';
import { conceptEvidence, type ConceptEvidence } from './concepts/concept-evidence.ts';
import { findTerms } from './concepts/find-terms.ts';
import { scoreLike, type LikeExamples } from './examples/like-score.ts';
import { keepEquivalents, learnAcronyms } from './equivalents.ts';
import type { Knowledge } from './knowledge.ts';
import { authorMatches, organizationMatches } from './named.ts';
import { findTellingUnits, openNearness } from './nearest-unit.ts';
import { indexSteps, readPaper, type PaperWords } from './paper-index.ts';
import { askedByTopic, askedInWords } from './asked.ts';
import { scoreAny } from './score.ts';
import type { MatcherState, MatchResources, Part, Scored } from './state.ts';
import { paperVector } from './vectors.ts';

/**
 * Version of the rules and of the shipped knowledge; raise it when a score or a reason may change. Stored matches carry
 * it, and older ones are made anew.
 */
export const MATCHER_VERSION = 9;

/** The version of stored matches, which is another one for each state of an operator's own concepts. */
export function matcherVersion({ edition }: Pick<Knowledge, 'edition'>): number {
  return MATCHER_VERSION + EDITIONS_FROM * edition;
}

/** More than any version by itself. */
const EDITIONS_FROM = 1_000;

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
  /** Gives what holds the interest as it stands too, whatever it scores: that may mute. */
  orLiteral?: boolean;
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
  return matcherOver(openState(papers, resources));
}

/** Reads papers into a matcher in slices, so that the process can do other work meanwhile. */
export async function readMatcher(papers: readonly PaperText[], resources: MatchResources): Promise<Matcher> {
  return matcherOver(await inSlices(openSteps(papers, resources)));
}

function matcherOver(state: MatcherState): Matcher {
  return {
    match: (interest, options = {}) => matchOne(state, interest, options),
    muted: (text) => mutedPapers(state, text),
  };
}

/** Reads papers into what a matcher holds. */
export function openState(papers: readonly PaperText[], resources: MatchResources): MatcherState {
  return atOnce(openSteps(papers, resources));
}

function* openSteps(papers: readonly PaperText[], resources: MatchResources): Steps<MatcherState> {
  const uses = (part: Part) => !resources.without?.includes(part);
  const keep = { acronyms: uses('acronyms'), twins: uses('twins') };
  const knowledge = {
    ...resources.knowledge,
    equivalents: keepEquivalents(resources.knowledge.equivalents, keep),
  };
  const words = yield* each(papers, readPaper);
  const index = yield* indexSteps(words, uses('title') ? undefined : 1);
  const learned = learnAcronyms(papers.map(({ title, abstract }) => `${title}. ${abstract}`));
  yield;
  const { vectors } = knowledge;
  const meanings = new Float32Array(papers.length * vectors.dimensions);
  yield* each(papers, ({ title, abstract, modelKeywords }, at) =>
    paperVector(vectors, title, abstract, meanings, at * vectors.dimensions, modelKeywords),
  );
  const concepts = yield* each(words, (paper) => conceptsOf(paper, knowledge));
  const tellingUnits = findTellingUnits(papers, vectors);
  return {
    ...{ knowledge, uses, index, meanings, concepts, tellingUnits },
    learned: keepEquivalents(learned, keep),
    nearness: openNearness({ knowledge, tellingUnits }),
  };
}

function* each<T, R>(list: readonly T[], work: (item: T, at: number) => R): Steps<R[]> {
  const done: R[] = [];
  for (const [at, item] of list.entries()) {
    done.push(work(item, at));
    yield;
  }
  return done;
}

function conceptsOf(paper: PaperWords, { lexicon, termWeight }: Knowledge): Map<number, ConceptEvidence> {
  const found = [...findTerms(lexicon, paper).values()].filter(({ term }) => tells(term, lexicon, termWeight));
  return conceptEvidence(lexicon, found, termWeight);
}

/** One word that stands in more than 3 % of abstracts («noise», «memory») says nothing of what a paper is about. */
function tells(term: number, { terms }: Knowledge['lexicon'], weightOf: (term: number) => number): boolean {
  return terms.wordsOf(term) > 1 || weightOf(term) >= LEAST_WORD;
}

/** ln(1 / 0.03) of the 9 that are all there is to tell. */
const LEAST_WORD = 0.39;

function matchOne(state: MatcherState, interest: MatchInterest, options: MatchOptions): PaperMatch[] {
  if (interest.kind === 'author') return select(state, authorMatches(state.index.papers, interest.text), options);
  if (interest.kind === 'organization')
    return select(state, organizationMatches(state.index.papers, interest.text), options);
  if (interest.kind === 'like') return select(state, scoreLike(state, interest.like ?? NO_EXAMPLES), options);
  const asked = interest.kind === 'topic' ? askedByTopic(state, interest.text) : askedInWords(state, interest.text);
  return asked.length === 0 ? [] : select(state, scoreAny(state, asked, options.embedded), options);
}

const NO_EXAMPLES: LikeExamples = { examples: [], leftOut: [] };

function select(
  state: MatcherState,
  scored: Scored,
  { minScore = 0, orLiteral = false, top = Infinity, only }: MatchOptions,
): PaperMatch[] {
  const { papers } = state.index;
  const places: number[] = [];
  for (const [at, paper] of papers.entries()) {
    const score = scored.scores[at] ?? 0;
    const fits = score >= minScore || (orLiteral && scored.literal(at));
    if (score > 0 && fits && (!only || only(paper))) places.push(at);
  }
  places.sort((a, b) => (scored.order[b] ?? 0) - (scored.order[a] ?? 0) || a - b);
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
  return matchOne(state, { id: 'muted', kind: 'words', text }, { minScore: 1, orLiteral: true })
    .filter(({ literal }) => literal)
    .sort((a, b) => (places.get(a.paper) ?? 0) - (places.get(b.paper) ?? 0));
}
