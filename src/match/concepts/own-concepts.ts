import { readFileSync } from 'node:fs';
import type { Concept } from '../../model/concept.ts';
import type { Topic } from '../../model/topic.ts';
import { CONCEPT_FILES, topicsOf } from './read-concepts.ts';

/**
 * Reads the concepts that come with the program as they stand: a test has checked them, and every start would pay for
 * it.
 */
export function readOwnConcepts(): Concept[] {
  return CONCEPT_FILES.flatMap(readAsItStands);
}

/** Reads those of them that readers can pick, which stand in a file of their own. */
export function readOwnTopics(): Topic[] {
  return topicsOf(CONCEPT_FILES.slice(0, 1).flatMap(readAsItStands));
}

function readAsItStands(path: string): Concept[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Concept[];
}
