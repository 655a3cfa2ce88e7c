import { readFileSync } from 'node:fs';
import type { Concept } from '../../model/concept.ts';
import { CONCEPTS_FILE } from '../concepts.ts';
import { loadVectors } from '../vectors.ts';
import { createConceptFinder, type ConceptFinder } from './concept-finder.ts';

let loaded: ConceptFinder | undefined;

/** Reads the concepts that come with the program into a finder, once per process; `topics check` has checked them. */
export function loadConceptFinder(): ConceptFinder {
  loaded ??= createConceptFinder(JSON.parse(readFileSync(CONCEPTS_FILE, 'utf8')) as Concept[], loadVectors());
  return loaded;
}
