import { listAt } from '../../lib/packed-lists.ts';
import type { Steps } from '../../lib/slices.ts';
import { openStrings, stringAt } from '../../lib/string-table.ts';
import type { Concept } from '../../model/concept.ts';
import type { Equivalents } from '../equivalents.ts';
import { openNames, type ConceptNames } from './concept-names.ts';
import { openConcepts, packConcepts, type Concepts, type ConceptTexts } from './concept-texts.ts';
import { packLexicon, type PackedLexicon } from './pack-lexicon.ts';
import type { Term } from './term.ts';

/** Concepts, ready to be looked up by a reader's words and found in papers by their terms. */
export interface Lexicon {
  concepts: Concepts;
  names: ConceptNames;
  /** Place of the concept of each topic, by slug. */
  topics: ReadonlyMap<string, number>;
  terms: Terms;
  /** Returns the concepts that a term belongs to, those that contain them not among them. */
  conceptsOf: (term: number) => Uint32Array;
  /** Returns a concept and all that contain it. */
  upwards: (concept: number) => Uint32Array;
}

/** The terms of all concepts, each once. */
export interface Terms {
  length: number;
  at(term: number): Term | undefined;
  /** Number of a term's words. */
  wordsOf(term: number): number;
  lettersOf(term: number): Term['letters'];
  /** Returns the terms of a key; undefined where there is none, as nearly always. */
  keyed(key: string): Uint32Array | undefined;
  /** Length of the longest term that begins with a word; 0 where none does. */
  longestFrom(stem: string): number;
}

/** Lays out concepts by steps; names that two have go to the first. */
export function* layOutLexicon(concepts: readonly Concept[], acronyms: Equivalents): Steps<Lexicon> {
  return openLexicon(yield* packLexicon(concepts, acronyms), packConcepts(concepts), acronyms);
}

/** Opens a packed lexicon with the texts of its concepts and the acronyms it was packed with. */
export function openLexicon(packed: PackedLexicon, texts: ConceptTexts, acronyms: Equivalents): Lexicon {
  return {
    concepts: openConcepts(texts, packed.conceptNames),
    names: openNames(packed.names, acronyms),
    topics: new Map(packed.topics),
    terms: openTerms(packed),
    conceptsOf: (term) => listAt(packed.conceptsOf, term),
    upwards: (concept) => listAt(packed.upwards, concept),
  };
}

function openTerms({ keys, termsOfKey, keyOf, words, letters, lettersOf, firsts, longest }: PackedLexicon): Terms {
  const [table, beginnings] = [openStrings(keys), openStrings(firsts)];
  const lettersIn = (term: number): Term['letters'] => {
    const pattern = lettersOf[term];
    if (!pattern) return null;
    return (stringAt(letters, pattern) ?? '').split(' ').map((one) => (one === '' ? null : one));
  };
  return {
    length: keyOf.length,
    at: (term) => {
      const key = stringAt(keys, keyOf[term] ?? Infinity);
      return key === undefined ? undefined : { key, length: words[term] ?? 0, letters: lettersIn(term) };
    },
    wordsOf: (term) => words[term] ?? 0,
    lettersOf: lettersIn,
    keyed: (key) => {
      const place = table.get(key);
      return place === undefined ? undefined : listAt(termsOfKey, place);
    },
    longestFrom: (stem) => {
      const place = beginnings.get(stem);
      return place === undefined ? 0 : (longest[place] ?? 0);
    },
  };
}
