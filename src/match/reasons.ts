import type { Reason } from '../model/match.ts';
import { STOP_WORDS } from '../model/stop-words.ts';
import { SAME } from './equivalents.ts';
import { rarity } from './lexical.ts';
import type { Meaning } from './meaning.ts';
import { nearestUnit } from './nearest-unit.ts';
import type { Asked } from './asked.ts';
import type { MatcherState } from './state.ts';
import { fold, tokenize } from './tokens.ts';
import { findTerm, foundAt, ownWords } from './word-reasons.ts';

/** Most reasons given for one match. */
export const MAX_REASONS = 2;

/**
 * Words why a paper is given, strongest first: the reader's own words as a whole, a term of the concept they name, some
 * of the words, else what is nearest in meaning. Each stands where it says; none repeats another.
 */
export function reasonsOf(state: MatcherState, asked: Asked, meaning: Meaning | null, paper: number): Reason[] {
  const { index, knowledge } = state;
  const own = ownWords(asked.query, index, paper, (stem) => rarity(knowledge, stem));
  const belonging = asked.concepts.flatMap((concept) => conceptReasons(state, concept, paper));
  const reasons = distinct(state, asked.topic ? [...belonging, ...own.whole] : [...own.whole, ...belonging]);
  if (reasons.length < MAX_REASONS) {
    const said = reasons.flatMap(({ text }) => [...wordsIn(state, text), ...termsOf(text)]);
    reasons.push(...own.loose((stem) => said.some((one) => areKin(one, stem))));
  }
  if (reasons.length > 0) return reasons.slice(0, MAX_REASONS);
  const near = meaning && nearestUnit(state, meaning, paper);
  return near ? [{ kind: 'related', ...foundAt(index, paper, near) }] : own.few.slice(0, 1);
}

/** Names the concept's strongest term where a paper holds one; empty where it holds none. */
export function conceptReasons({ concepts, index, knowledge }: MatcherState, concept: number, paper: number): Reason[] {
  const evidence = concepts[paper]?.get(concept);
  const term = evidence && knowledge.lexicon.terms.at(evidence.term);
  const found = term && findTerm(index, paper, term);
  const of = knowledge.lexicon.concepts.name(concept);
  return found ? [{ kind: 'concept', ...found, of }] : [];
}

/** Leaves out what says no more than one before it. */
function distinct(state: MatcherState, reasons: readonly Reason[]): Reason[] {
  const kept: Reason[] = [];
  const said: string[][] = [];
  for (const reason of reasons) {
    const words = wordsIn(state, reason.text);
    if (words.length === 0 || said.some((other) => holds(other, words) || holds(words, other))) continue;
    said.push(words);
    kept.push(reason);
  }
  return kept;
}

/** The words of a reason that tell something, an acronym spelled out. */
function wordsIn({ knowledge, learned }: MatcherState, text: string): string[] {
  return tokenize(text).flatMap(({ stem, capital, start, end }) => {
    if (STOP_WORDS.has(fold(text.slice(start, end))) && capital === null) return [];
    const forms = [learned, knowledge.equivalents].flatMap((known) => known.get(capital ?? stem) ?? []);
    const long = forms.find(({ stems, weight }) => weight >= SAME && stems.length > 1);
    return long ? long.stems.filter((one) => !STOP_WORDS.has(one)) : [stem];
  });
}

/** The words as they stand, in capitals and without. */
function termsOf(text: string): string[] {
  return tokenize(text).flatMap(({ stem, capital }) => (capital === null ? [stem] : [stem, capital]));
}

function holds(stems: readonly string[], others: readonly string[]): boolean {
  return others.every((other) => stems.some((stem) => areKin(stem, other)));
}

/** «simulation» and «simulator» say the same to who reads them side by side. */
function areKin(one: string, other: string): boolean {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  return one === other || (same >= LEAST_ROOT && same >= ROOT_SHARE * Math.max(one.length, other.length));
}

const LEAST_ROOT = 5;
const ROOT_SHARE = 0.5;
