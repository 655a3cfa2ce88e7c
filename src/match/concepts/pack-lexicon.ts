import { packLists, type PackedLists } from '../../lib/packed-lists.ts';
import type { Steps } from '../../lib/slices.ts';
import { packStrings, type PackedStrings } from '../../lib/string-table.ts';
import type { Concept } from '../../model/concept.ts';
import type { Equivalents } from '../equivalents.ts';
import { packNames, type PackedNames } from './concept-names.ts';
import { termsOf } from './concept-texts.ts';
import { nameKey } from './read-concepts.ts';
import { readTerm } from './term.ts';

/** A lexicon as it lies in memory and in a file: few arrays for some hundred thousand strings and lists. */
export interface PackedLexicon extends PackedTerms {
  conceptNames: PackedStrings;
  names: PackedNames;
  topics: [slug: string, place: number][];
  upwards: PackedLists;
}

interface PackedTerms {
  /** The different keys of terms; nearly all are one term's. */
  keys: PackedStrings;
  termsOfKey: PackedLists;
  /** Each term's key and number of words. */
  keyOf: Uint32Array;
  words: Uint8Array;
  /** The ways letters must stand, a word's empty where any does, and which is each term's; the first is none. */
  letters: PackedStrings;
  lettersOf: Uint32Array;
  conceptsOf: PackedLists;
  /** The words that terms begin with, and the length of the longest such. */
  firsts: PackedStrings;
  longest: Uint8Array;
}

/** Packs concepts by steps; names that two have go to the first. */
export function* packLexicon(concepts: readonly Concept[], acronyms: Equivalents): Steps<PackedLexicon> {
  const names = yield* packNames(
    concepts.map(({ name, also }) => [name, ...also]),
    acronyms,
  );
  const upwards = packLists(climb(concepts));
  yield;
  return {
    conceptNames: packStrings(concepts.map(({ name }) => name)),
    topics: concepts.flatMap(({ topic }, place): [string, number][] => (topic ? [[topic.slug, place]] : [])),
    ...{ names, upwards },
    ...(yield* packTerms(concepts)),
  };
}

/** Adjectives that name a subject when somebody types them, but no term of it: «causal attention» is no causality. */
const NAMES_ALONE: ReadonlySet<string> = new Set(
  (
    'adversarial ambiguous arithmetic causal clinical collaborative compositional emotional facial factual generalizable ' +
    'geometric mathematical nuclear scalable solar thermal topological traceable verifiable vocabulary'
  ).split(' '),
);

function* packTerms(concepts: readonly Concept[]): Steps<PackedTerms> {
  const [terms, keys, letters, firsts] = [numbering(), numbering(), numbering(''), numbering()];
  const [keyOf, words, lettersOf, longest]: [number[], number[], number[], number[]] = [[], [], [], []];
  const [termsOfKey, conceptsOf]: [number[][], number[][]] = [[], []];
  for (const [concept, one] of concepts.entries()) {
    if (concept % A_STEP === 0) yield;
    for (const text of termsOf(one)) {
      const term = NAMES_ALONE.has(text) ? null : readTerm(text);
      if (!term?.length) continue;
      const [key, pattern] = [keys.of(term.key), letters.of(term.letters?.join(' ') ?? '')];
      const place = terms.of(`${key} ${pattern}`);
      const own = (conceptsOf[place] ??= []);
      if (own.at(-1) !== concept) own.push(concept);
      if (place < keyOf.length) continue;
      keyOf.push(key);
      words.push(term.length);
      lettersOf.push(pattern);
      (termsOfKey[key] ??= []).push(place);
      const first = firsts.of(term.key.split(' ', 1)[0] ?? '');
      longest[first] = Math.max(longest[first] ?? 0, term.length);
    }
  }
  return {
    ...{ keys: packStrings(keys.all()), letters: packStrings(letters.all()), firsts: packStrings(firsts.all()) },
    ...{ keyOf: Uint32Array.from(keyOf), lettersOf: Uint32Array.from(lettersOf) },
    ...{ words: Uint8Array.from(words), longest: Uint8Array.from(longest) },
    ...{ termsOfKey: packLists(termsOfKey), conceptsOf: packLists(conceptsOf) },
  };
}

/** Concepts laid out in one step. */
const A_STEP = 20;

/** Numbers different strings as they come. */
function numbering(...first: string[]): { of(text: string): number; all(): string[] } {
  const places = new Map(first.map((text, place) => [text, place]));
  const of = (text: string): number => {
    const known = places.get(text) ?? places.size;
    if (known === places.size) places.set(text, known);
    return known;
  };
  return { of, all: () => [...places.keys()] };
}

/** Follows `broader` from each concept as far as it leads. */
function climb(concepts: readonly Concept[]): number[][] {
  const places = new Map(concepts.map(({ name }, place) => [nameKey(name), place]));
  const above = concepts.map(({ broader }) => broader.map((name) => places.get(nameKey(name)) ?? -1));
  return concepts.map((_, place) => {
    const reached = new Set([place]);
    for (const one of reached) for (const next of above[one] ?? []) if (next >= 0) reached.add(next);
    return [...reached];
  });
}
