import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError, messageOf } from '../../lib/errors.ts';
import { atOnce, type Steps } from '../../lib/slices.ts';
import type { Concept } from '../../model/concept.ts';
import type { Topic } from '../../model/topic.ts';
import { conceptsIn, textsIn, type ConceptTexts } from './concept-texts.ts';
import { checkConcepts, CONCEPT_FILES, nameKey, parseConcepts, topicsOf } from './read-concepts.ts';

/**
 * Reads the concepts that come with the program as they stand: a test has checked them, and every start would pay for
 * it.
 */
export function readOwnConcepts(): Concept[] {
  return atOnce(readOwnSteps());
}

/** Reads the same by steps: some megabytes in all. */
export function* readOwnSteps(texts = readOwnTexts()): Steps<Concept[]> {
  const concepts: Concept[] = [];
  for (const concept of conceptsIn(texts)) {
    if (concepts.length % A_STEP === 0) yield;
    concepts.push(concept);
  }
  return concepts;
}

/** Concepts read in one step. */
const A_STEP = 100;

/** Finds them where they stand, one on each line. */
export function readOwnTexts(): ConceptTexts {
  return textsIn(CONCEPT_FILES.map((path) => readFileSync(path)));
}

/**
 * Returns the topics on offer: those that come with the program, and those of the operator's file, where there is one.
 */
export function readTopics(conceptsFile?: string): Topic[] {
  if (conceptsFile === undefined) return topicsOf(CONCEPT_FILES.slice(0, 1).flatMap(readAsItStands));
  return topicsOf(withOwn(readOwnConcepts(), readFileConcepts(conceptsFile).concepts, conceptsFile));
}

/** An operator's concepts, with a number that changes as their file does. */
export interface FileConcepts {
  concepts: Concept[];
  edition: number;
}

/** Reads an operator's file. Throws AppError bad-input. */
export function readFileConcepts(path: string): FileConcepts {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('bad-input', `CONCEPTS_FILE: ${messageOf(error)}`, { cause: error });
  }
  const edition = createHash('sha256').update(text).digest().readUInt32BE() >>> 12;
  return { concepts: parseConcepts(jsonOf(text, path), path, 'partly'), edition: edition + 1 };
}

/**
 * Puts an operator's concepts beside the shipped ones, in the place of those of the same name; checks what comes of it.
 */
export function withOwn(shipped: readonly Concept[], own: readonly Concept[], where: string): Concept[] {
  return checkConcepts([...withoutNamed(shipped, own), ...own], where);
}

function withoutNamed(concepts: readonly Concept[], others: readonly Concept[]): Concept[] {
  const names = new Set(others.map(({ name }) => nameKey(name)));
  return concepts.filter(({ name }) => !names.has(nameKey(name)));
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `${path}: expected JSON: ${messageOf(error)}`);
  }
}

function readAsItStands(path: string): Concept[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Concept[];
}
