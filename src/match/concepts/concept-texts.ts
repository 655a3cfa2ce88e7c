import { stringAt, type PackedStrings } from '../../lib/string-table.ts';
import type { Concept } from '../../model/concept.ts';

/** Concepts by their place, each read from its text when it is asked for. */
export interface Concepts extends Iterable<Concept> {
  length: number;
  at(place: number): Concept | undefined;
  /** Returns a concept's name; empty where there is none at that place. */
  name(place: number): string;
}

/** Concepts as JSON, each a stretch of the bytes. */
export interface ConceptTexts {
  bytes: Buffer;
  starts: Uint32Array;
  ends: Uint32Array;
}

/** Finds the concepts in files of one a line. */
export function textsIn(files: readonly Buffer[]): ConceptTexts {
  const bytes = Buffer.concat([...files, Buffer.from('\n')]);
  const [starts, ends]: [number[], number[]] = [[], []];
  for (let start = 0, end; (end = bytes.indexOf(LINE_END, start)) >= 0; start = end + 1) {
    if (bytes[start] !== BRACE) continue;
    starts.push(start);
    ends.push(bytes.lastIndexOf(BRACE_END, end) + 1); // a comma or a carriage return may follow
  }
  return { bytes, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

const [LINE_END = 0, BRACE = 0, BRACE_END = 0] = Buffer.from('\n{}');

/** Writes concepts as text again. */
export function packConcepts(concepts: readonly Concept[]): ConceptTexts {
  return textsIn([Buffer.from(concepts.map((concept) => JSON.stringify(concept)).join('\n'))]);
}

/** Reads concepts one after the other. */
export function* conceptsIn(texts: ConceptTexts): Generator<Concept, undefined> {
  for (const place of texts.starts.keys()) yield conceptAt(texts, place);
}

function conceptAt({ bytes, starts, ends }: ConceptTexts, place: number): Concept {
  return JSON.parse(bytes.toString('utf8', starts[place], ends[place])) as Concept;
}

/** Opens concepts, whose names alone are at hand. */
export function openConcepts(texts: ConceptTexts, names: PackedStrings): Concepts {
  return {
    length: texts.starts.length,
    at: (place) => (texts.starts[place] === undefined ? undefined : conceptAt(texts, place)),
    name: (place) => stringAt(names, place) ?? '',
    [Symbol.iterator]: () => conceptsIn(texts),
  };
}

/** Returns a concept's names and terms as they were written. */
export function termsOf({ name, also, terms }: Concept): string[] {
  return [name, ...also, ...terms];
}
