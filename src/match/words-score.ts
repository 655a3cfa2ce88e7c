import { LINES, type Reason } from '../model/match.ts';
import { lexicalEvidence, rarity, type LexicalEvidence } from './lexical.ts';
import type { MatcherState, Scored } from './state.ts';
import type { Query } from './query.ts';
import { findForms, MAX_REASONS, wordsReasons } from './reasons.ts';
import { relatedTermOf, relatedTerms, type TermOf } from './related-terms.ts';
import { byNeighbours, byTerms, learnTerms, nearness } from './semantics.ts';
import { toProbability } from './scale.ts';
import { topicsOf } from './topic-affinity.ts';

/**
 * What a paper scores at least that holds the whole interest word for word: above the normal line.
 */
export const LITERAL_FLOOR = 0.53;

/** Parts of the lexical score beside the words (1). */
const NEAR = 0.3;
const PHRASE = 0.7;
/** Neighbouring words all near to each other count so much of a phrase: long interests seldom stand word for word. */
const LOOSE = 0.8;

/** Parts of what is related, each in [0,1]; chosen by hand on a plateau, see docs/relevance.md. */
const RELATED = { meaning: 0.3, feedback: 0.3, topics: 0.2, neighbours: 0.3, model: 0.3 };
const RELATED_WEIGHT = 0.65;
/** Beyond this, what is related could outrank the words themselves. */
const MOST_RELATED = 0.75;

/** The raw score that is as likely right as wrong; see docs/relevance.md. */
const RAW_THRESHOLD = 0.42;
/** What is related alone and scores less than this is not worth a line. */
const LEAST_RELATED = 0.12;

/** What is asked of the scores: from where on they count, and what an embedding model says of the papers. */
interface Asked {
  minScore?: number;
  embedded?: Float32Array | undefined;
}

/**
 * Scores papers for an interest in words: the words themselves, then what is related to them. What scores less than
 * `minScore` may be left at 0.
 */
export function scoreWords(state: MatcherState, query: Query, { minScore = 0, embedded }: Asked): Scored {
  const evidence = lexicalEvidence(state.index, query, state.knowledge);
  const lexical = lexicalScores(state, query, evidence);
  const asked = { minScore: evidence.literal.includes(1) ? 0 : minScore, embedded };
  const related = relatedScores(state, query, lexical, asked);
  const scores = new Float32Array(lexical.length);
  if (!related) return { scores, literal: () => false, reasons: () => [] };
  const least = Math.max(LEAST_RELATED, minScore);
  for (let at = 0; at < scores.length; at++) {
    if (evidence.barred[at]) continue;
    const own = lexical[at]!;
    const score = calibrate(fuse(own, related.scores[at]!));
    if (evidence.literal[at]) scores[at] = Math.max(score, LITERAL_FLOOR + 0.01 * score);
    else if (own > 0 || (score >= least && related.termOf(at))) scores[at] = score;
  }
  return {
    scores,
    literal: (at) => evidence.literal[at] === 1,
    reasons: (at) => reasonsOf(state, query, at, scores[at] ?? 0, related.termOf),
  };
}

/** The words found; where they are few or none, the related term that speaks loudest for the paper too. */
function reasonsOf(state: MatcherState, query: Query, at: number, score: number, termOf: TermOf): Reason[] {
  const own = wordsReasons(query, state.index, at);
  if (own.length > 0 && (own[0]?.kind !== 'words' || score < LINES.normal)) return own;
  const term = termOf(at);
  const found = term && findForms(state.index, at, [term]);
  return found ? [...own, { kind: 'related' as const, ...found }].slice(0, MAX_REASONS) : own;
}

/**
 * What is related fills up what the words leave open, less and less the more they say: with equal relations more words
 * are never worth less.
 */
function fuse(own: number, related: number): number {
  return own + RELATED_WEIGHT * Math.min(MOST_RELATED, related) * (1 - own) ** 2;
}

const calibrate = (raw: number): number => toProbability(raw, RAW_THRESHOLD);

function lexicalScores({ uses }: MatcherState, query: Query, { words, near, phrase }: LexicalEvidence): Float32Array {
  const pairs = uses('nearness') && query.facets.some((facet) => facet.content.length > 1) ? NEAR : 0;
  const loose = uses('nearness') ? LOOSE : 0;
  const phrases = uses('phrase') ? PHRASE : 0;
  const scores = new Float32Array(words.length);
  for (let at = 0; at < scores.length; at++) {
    const whole = Math.max(phrase[at]!, loose * near[at]!);
    scores[at] = (words[at]! + pairs * near[at]! + phrases * whole) / (1 + pairs + phrases);
  }
  return scores;
}

/**
 * Gathers what is related, and the terms that show it; null where no paper can reach `minScore` whatever its neighbours
 * say.
 */
function relatedScores(
  state: MatcherState,
  query: Query,
  lexical: Float32Array,
  { minScore, embedded }: Required<Asked>,
): { scores: Float32Array; termOf: TermOf } | null {
  const space = state.space();
  const none = new Float32Array(lexical.length);
  const model = embedded ?? none;
  const meaning = state.uses('meaning') ? nearness(state.index, space, query, state.knowledge) : none;
  const affinity = affinityOf(state, query);
  const topical = topicalScores(state, affinity, lexical.length);
  const learned = state.uses('feedback') ? learnTerms(space, added(lexical, meaning, topical)) : null;
  if (!learned && !canReach(minScore, lexical, meaning, topical, model)) return null;
  const feedback = learned ? byTerms(space, learned) : none;
  const neighbours = state.uses('neighbours') ? state.neighbours() : null;
  const nearby = neighbours ? byNeighbours(neighbours, filledUp(lexical, meaning, feedback, topical)) : none;
  const scores = new Float32Array(lexical.length);
  for (let at = 0; at < scores.length; at++)
    scores[at] = relatedScore(meaning[at]!, feedback[at]!, topical[at]!, nearby[at]!, model[at]!);
  return { scores, termOf: relatedTermOf(state, () => relatedTerms(state, query, affinity, learned)) };
}

function relatedScore(meaning: number, feedback: number, topical: number, nearby: number, model: number): number {
  return (
    RELATED.meaning * meaning +
    RELATED.feedback * feedback +
    RELATED.topics * topical +
    RELATED.neighbours * nearby +
    RELATED.model * model
  );
}

/**
 * Tells whether any paper could score `least` if it were the one with the best neighbours; feedback has nothing to say.
 */
function canReach(
  least: number,
  lexical: Float32Array,
  meaning: Float32Array,
  topical: Float32Array,
  model: Float32Array,
): boolean {
  for (let at = 0; at < lexical.length; at++) {
    const most = Math.fround(relatedScore(meaning[at]!, 0, topical[at]!, 1, model[at]!));
    if (Math.fround(calibrate(fuse(lexical[at]!, most))) >= least) return true;
  }
  return false;
}

/** The topics that the query speaks of, with their shares. */
function affinityOf({ index, knowledge, topicTerms, uses }: MatcherState, query: Query): Map<number, number> {
  if (!uses('topics')) return new Map<number, number>();
  return topicsOf(topicTerms, query, (stem) => rarity(index, stem, knowledge));
}

function topicalScores(state: MatcherState, affinity: ReadonlyMap<number, number>, size: number): Float32Array {
  const topical = new Float32Array(size);
  for (const [topic, share] of affinity) {
    const scores = state.topicScores(topic);
    for (let at = 0; at < size; at++) topical[at]! += share * scores[at]!;
  }
  return topical;
}

/** A first ranking, by which the papers to learn from are chosen. */
function added(lexical: Float32Array, meaning: Float32Array, topical: Float32Array): Float32Array {
  const first = new Float32Array(lexical.length);
  for (let at = 0; at < first.length; at++) first[at] = lexical[at]! + 0.3 * meaning[at]! + 0.15 * topical[at]!;
  return first;
}

/** A second one, by which papers speak for their neighbours. */
function filledUp(
  lexical: Float32Array,
  meaning: Float32Array,
  feedback: Float32Array,
  topical: Float32Array,
): Float32Array {
  const second = new Float32Array(lexical.length);
  for (let at = 0; at < second.length; at++) {
    const own = lexical[at]!;
    second[at] = own + (0.4 * meaning[at]! + 0.4 * feedback[at]! + 0.16 * topical[at]!) * (1 - own) ** 2;
  }
  return second;
}
