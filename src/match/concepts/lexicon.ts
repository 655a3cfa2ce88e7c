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

/** Lays out concepts; names that two have go to the first. */
export function openLexicon(concepts: readonly Concept[], acronyms: Equivalents): Lexicon {
  const topics = concepts.flatMap(({ topic }, place) => (topic ? [[topic.slug, place] as const] : []));
  return {
    concepts,
    names: indexNames(
      concepts.map(({ name, also }) => [name, ...also]),
      acronyms,
    ),
    topics: new Map(topics),
    upwards: climb(concepts),
    ...indexTerms(concepts),
  };
}

/** Returns a concept's names and terms as they were written. */
export function termsOf({ name, also, terms }: Concept): string[] {
  return [name, ...also, ...terms];
}

function indexTerms(concepts: readonly Concept[]) {
  const terms: Term[] = [];
  const conceptsOf: number[][] = [];
  const byKey = new Map<string, number[]>();
  const longestFrom = new Map<string, number>();
  const places = new Map<string, number>();
  for (const [concept, one] of concepts.entries()) {
    for (const text of termsOf(one)) {
      const term = readTerm(text);
      if (term.length === 0) continue;
      const id = `${term.key} ${term.letters?.join(' ') ?? ''}`;
      const known = places.get(id);
      if (known === undefined) {
        places.set(id, terms.length);
        byKey.set(term.key, [...(byKey.get(term.key) ?? []), terms.length]);
        const first = term.key.split(' ', 1)[0] ?? '';
        longestFrom.set(first, Math.max(longestFrom.get(first) ?? 0, term.length));
        terms.push(term);
        conceptsOf.push([concept]);
      } else if (!conceptsOf[known]?.includes(concept)) conceptsOf[known]?.push(concept);
    }
  }
  return { terms, conceptsOf, byKey, longestFrom };
}

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
