import type { Steps } from '../../lib/slices.ts';
import type { Concept } from '../../model/concept.ts';
import type { Equivalents } from '../equivalents.ts';
import { indexNames, type ConceptNames } from './concept-names.ts';
import { nameKey } from './read-concepts.ts';
import { readTerm, type Term } from './term.ts';

/** Concepts, ready to be looked up by a reader's words and found in papers by their terms. */
export interface Lexicon {
  concepts: readonly Concept[];
  names: ConceptNames;
  /** Place of the concept of each topic, by slug. */
  topics: ReadonlyMap<string, number>;
  /** The terms of all concepts, each once. */
  terms: readonly Term[];
  /** Terms by their key, and the length of the longest that begins with a word. */
  byKey: ReadonlyMap<string, readonly number[]>;
  longestFrom: ReadonlyMap<string, number>;
  /** Concepts that each term belongs to, those that contain them not among them. */
  conceptsOf: readonly (readonly number[])[];
  /** For each concept: itself and all that contain it. */
  upwards: readonly Int32Array[];
}

/** Lays out concepts by steps; names that two have go to the first. */
export function* layOutLexicon(concepts: readonly Concept[], acronyms: Equivalents): Steps<Lexicon> {
  const topics = concepts.flatMap(({ topic }, place) => (topic ? [[topic.slug, place] as const] : []));
  const names = yield* indexNames(
    concepts.map(({ name, also }) => [name, ...also]),
    acronyms,
  );
  const upwards = climb(concepts);
  yield;
  return { concepts, names, topics: new Map(topics), upwards, ...(yield* indexTerms(concepts)) };
}

/** Returns a concept's names and terms as they were written. */
export function termsOf({ name, also, terms }: Concept): string[] {
  return [name, ...also, ...terms];
}

/** Adjectives that name a subject when somebody types them, but no term of it: «causal attention» is no causality. */
const NAMES_ALONE: ReadonlySet<string> = new Set(
  (
    'adversarial ambiguous arithmetic causal clinical collaborative compositional emotional facial factual generalizable ' +
    'geometric mathematical nuclear scalable solar thermal topological traceable verifiable vocabulary'
  ).split(' '),
);

function* indexTerms(
  concepts: readonly Concept[],
): Steps<Pick<Lexicon, 'terms' | 'byKey' | 'longestFrom' | 'conceptsOf'>> {
  const terms: Term[] = [];
  const conceptsOf: number[][] = [];
  const byKey = new Map<string, number[]>();
  const longestFrom = new Map<string, number>();
  const places = new Map<string, number>();
  for (const [concept, one] of concepts.entries()) {
    if (concept % A_STEP === 0) yield;
    for (const text of termsOf(one)) {
      if (NAMES_ALONE.has(text)) continue;
      const term = readTerm(text);
      if (term.length === 0) continue;
      const id = term.letters ? `${term.key} ${term.letters.join(' ')}` : term.key;
      const known = places.get(id);
      if (known !== undefined) {
        if (conceptsOf[known]?.at(-1) !== concept) conceptsOf[known]?.push(concept);
        continue;
      }
      places.set(id, terms.length);
      const alike = byKey.get(term.key);
      if (alike) alike.push(terms.length);
      else byKey.set(term.key, [terms.length]);
      const first = term.key.split(' ', 1)[0] ?? '';
      longestFrom.set(first, Math.max(longestFrom.get(first) ?? 0, term.length));
      terms.push(term);
      conceptsOf.push([concept]);
    }
  }
  return { terms, conceptsOf, byKey, longestFrom };
}

/** Concepts laid out in one step. */
const A_STEP = 20;

/** Follows `broader` from each concept as far as it leads. */
function climb(concepts: readonly Concept[]): Int32Array[] {
  const places = new Map(concepts.map(({ name }, place) => [nameKey(name), place]));
  const above = concepts.map(({ broader }) => broader.map((name) => places.get(nameKey(name)) ?? -1));
  return concepts.map((_, place) => {
    const reached = new Set([place]);
    for (const one of reached) for (const next of above[one] ?? []) if (next >= 0) reached.add(next);
    return Int32Array.from(reached);
  });
}
