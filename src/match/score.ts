import { LINES } from '../model/match.ts';
import type { ConceptEvidence } from './concepts/concept-evidence.ts';
import { logOddsOf, type Knowing, type Signs } from './decision.ts';
import type { Knowledge } from './knowledge.ts';
import { lexicalEvidence, type LexicalEvidence } from './lexical.ts';
import { sigmoid } from './logistic.ts';
import { cosineAt, meaningOf, type Meaning } from './meaning.ts';
import type { Asked } from './asked.ts';
import type { Query } from './query.ts';
import { reasonsOf } from './reasons.ts';
import type { MatcherState, Scored } from './state.ts';

/** Parts of the score by words alone beside the words (1). */
const NEAR = 0.3;
const PHRASE = 0.7;
/** Neighbouring words all near to each other count so much of a phrase: long interests seldom stand word for word. */
const LOOSE = 0.8;

/**
 * Where papers are put in order, the score by words alone counts as much as so many log-odds; and among papers that are
 * surely right, from these log-odds on, it alone does.
 */
const WORDS_IN_ORDER = 8;
const SURE = 2.6;

/** What an embedding model says counts so many log-odds at most; see docs/relevance.md. */
const EMBEDDED = 1;

/** Scores papers for whichever of several things asked for fits each best; the last of them, the whole, orders them. */
export function scoreAny(state: MatcherState, asked: readonly Asked[], embedded?: Float32Array): Scored {
  const scored = asked.map((one) => scorePapers(state, one, embedded));
  const whole = scored.at(-1);
  if (!whole || scored.length === 1) return whole ?? nothing(state.index.papers.length);
  const best = whole.scores.map((_, at) =>
    scored.reduce((top, { scores }, which) => (scores[at]! > scored[top]!.scores[at]! ? which : top), 0),
  );
  return {
    scores: best.map((which, at) => scored[which]!.scores[at]!),
    order: whole.order,
    literal: (at) => scored.some((one) => one.literal(at)),
    reasons: (at) => scored[best[at]!]!.reasons(at),
  };
}

function nothing(size: number): Scored {
  const none = new Float32Array(size);
  return { scores: none, order: none, literal: () => false, reasons: () => [] };
}

/**
 * Scores papers for an interest by its words, its meaning and the concepts it names. A paper that shows nothing of them
 * which a reader could see is out of the question, however near it is.
 */
function scorePapers(state: MatcherState, asked: Asked, embedded?: Float32Array): Scored {
  const read = readSigns(state, asked);
  const size = state.index.papers.length;
  const scores = new Float32Array(size);
  const order = new Float32Array(size);
  const words = wordScores(state, asked.query, read.evidence);
  const isNear = read.meaning && state.nearness(read.meaning);
  for (let at = 0; at < size; at++) {
    if (read.evidence.barred[at]) continue;
    const signs = read.at(at);
    const odds = logOddsOf(state.knowledge.decision, read.knowing, signs) + EMBEDDED * (embedded?.[at] ?? 0);
    const probability = sigmoid(odds);
    const shows = signs.words > 0 || signs.mentions > 0;
    if (!shows && (probability < LEAST || !isNear?.(at))) continue;
    scores[at] = probability;
    order[at] = sigmoid((Math.min(odds, SURE) + WORDS_IN_ORDER * words[at]!) / ORDER_SCALE);
  }
  return {
    scores,
    order,
    literal: (at) => (asked.topic ? scores[at]! >= LINES.normal : read.evidence.literal[at] === 1),
    reasons: (at) => reasonsOf(state, asked, read.meaning, at),
  };
}

/** What shows neither a word nor a term and is less probable than this is not looked at for what else it shows. */
const LEAST = 0.001;

/** Keeps the order's numbers from all being 1. */
const ORDER_SCALE = 10;

/** The signs of papers for one interest, by which the decision is made. */
export interface ReadSigns {
  knowing: Knowing;
  evidence: LexicalEvidence;
  meaning: Meaning | null;
  /** Returns those of one paper, in an object that is used again. */
  at(paper: number): Signs;
}

/** Gathers what papers show of an interest. */
export function readSigns(state: MatcherState, { query, concepts }: Asked): ReadSigns {
  const { knowledge, index, meanings } = state;
  const evidence = lexicalEvidence(index, query, knowledge);
  const meaning = state.uses('meaning') ? meaningOf(knowledge, query, concepts) : null;
  const knowing = concepts.length > 0 ? 'concept' : meaning ? 'meaning' : 'words';
  const signs: Signs = {
    ...{ words: 0, phrase: 0, titled: false, cosine: 0, standing: 0, shown: 0, mentions: 0 },
    rate: rateOf(knowledge, concepts),
  };
  const { dimensions } = knowledge.vectors;
  return {
    knowing,
    evidence,
    meaning,
    at: (paper) => {
      signs.words = evidence.words[paper]!;
      signs.phrase = evidence.phrase[paper]!;
      signs.titled = evidence.titled[paper] === 1;
      signs.cosine = meaning ? cosineAt(meaning, meanings, paper * dimensions) : 0;
      signs.standing = meaning ? signedRoot((signs.cosine - meaning.mean) / meaning.deviation) : 0;
      hearConcepts(signs, state.concepts[paper], concepts);
      return signs;
    },
  };
}

/** The rarest of the concepts' rates. */
function rateOf({ rateOf, lexicon }: Knowledge, concepts: readonly number[]): number {
  const rates = concepts.map((place) => rateOf(lexicon.concepts.name(place)));
  return Math.max(RAREST, Math.min(0, ...rates));
}

/** ln(1 / 1,100). */
const RAREST = -7;

function signedRoot(value: number): number {
  return Math.sign(value) * Math.sqrt(Math.abs(value));
}

/** What shows best, words or the strongest term of any concept, and how often any of their terms stands there. */
function hearConcepts(
  signs: Signs,
  evidence: ReadonlyMap<number, ConceptEvidence> | undefined,
  concepts: readonly number[],
): void {
  let mentions = 0;
  signs.shown = signs.words;
  for (const concept of concepts) {
    const found = evidence?.get(concept);
    if (!found) continue;
    signs.shown = Math.max(signs.shown, found.strength);
    mentions += found.mentions;
  }
  signs.mentions = Math.log1p(mentions);
}

/** What the words alone say, in [0,1]: sequential dependence in the manner of Metzler and Croft, 2005. */
function wordScores({ uses }: MatcherState, query: Query, { words, near, phrase }: LexicalEvidence): Float32Array {
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
