import type { Reason } from '../model/match.ts';
import { rarity } from './lexical.ts';
import type { Meaning } from './meaning.ts';
import { nearestUnit } from './nearest-unit.ts';
import type { Asked } from './asked.ts';
import type { MatcherState } from './state.ts';
import { stemsOf } from './tokens.ts';
import { findForms, ownWords } from './word-reasons.ts';

/** Most reasons given for one match. */
export const MAX_REASONS = 2;

/**
 * Words why a paper is given, strongest first: the reader's own words as a whole, a term of the concept they name, some
 * of the words, else what is nearest in meaning. Each stands where it says; none repeats another.
 */
export function reasonsOf(state: MatcherState, asked: Asked, meaning: Meaning | null, paper: number): Reason[] {
  const { index, knowledge } = state;
  const { whole, loose, few } = ownWords(asked.query, index, paper, (stem) => rarity(knowledge, stem));
  const belonging = asked.concepts.flatMap((concept) => conceptReasons(state, concept, paper));
  const reasons = distinct(asked.topic ? [...belonging, ...whole, ...loose] : [...whole, ...belonging, ...loose]);
  if (reasons.length > 0) return reasons.slice(0, MAX_REASONS);
  const near = meaning && nearestUnit(state, meaning, paper);
  const found = near && findForms(index, paper, [near]);
  return found ? [{ kind: 'related', ...found }] : few.slice(0, 1);
}

/** Names the concept's strongest term where a paper holds one; empty where it holds none. */
export function conceptReasons({ concepts, index, knowledge }: MatcherState, concept: number, paper: number): Reason[] {
  const evidence = concepts[paper]?.get(concept);
  const term = evidence && knowledge.lexicon.terms[evidence.term];
  const found = term && findForms(index, paper, [term.key.split(' ')]);
  const of = knowledge.lexicon.concepts[concept]?.name ?? '';
  return found ? [{ kind: 'concept', ...found, of }] : [];
}

/** Leaves out what says no more than one before it. */
function distinct(reasons: readonly Reason[]): Reason[] {
  const kept: Reason[] = [];
  const said: string[][] = [];
  for (const reason of reasons) {
    const stems = stemsOf(reason.text);
    const repeats = said.some((other) => holds(other, stems) || holds(stems, other));
    if (repeats || stems.length === 0) continue;
    said.push(stems);
    kept.push(reason);
  }
  return kept;
}

function holds(stems: readonly string[], others: readonly string[]): boolean {
  return others.every((stem) => stems.includes(stem));
}
