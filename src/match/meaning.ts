import type { Knowledge } from './knowledge.ts';
import type { Query } from './query.ts';
import { toUnit } from './unit-length.ts';
import { interestVector, usualCosine } from './vectors.ts';

/** What an interest means: a vector of length 1, and the cosines that known papers have with it. */
export interface Meaning {
  vector: Float32Array;
  mean: number;
  deviation: number;
}

/**
 * Returns the meaning of an interest: that of its words and, as much again, that of the concepts it names; null where
 * nothing is known of either.
 */
export function meaningOf(
  { vectors, conceptVectors }: Knowledge,
  query: Query,
  concepts: readonly number[],
): Meaning | null {
  const vector = interestVector(vectors, textsOf(query));
  const named = new Float32Array(vector.length);
  for (const concept of concepts) add(named, conceptVectors(concept));
  toUnit(named, 0, named.length);
  add(vector, named);
  toUnit(vector, 0, vector.length);
  return vector.some((number) => number !== 0) ? { vector, ...usualCosine(vectors, vector) } : null;
}

/** Returns the cosine of a meaning with the vector at an offset. */
export function cosineAt({ vector }: Meaning, meanings: Float32Array, offset: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0; // four sums at once, since a single one would wait for itself
  for (let at = 0; at + 3 < vector.length; at += 4) {
    a += vector[at]! * meanings[offset + at]!;
    b += vector[at + 1]! * meanings[offset + at + 1]!;
    c += vector[at + 2]! * meanings[offset + at + 2]!;
    d += vector[at + 3]! * meanings[offset + at + 3]!;
  }
  return a + b + c + d;
}

/** The words as written, all at once. */
function textsOf({ facets }: Query): string[] {
  return [facets.map(({ text }) => text).join(', ')];
}

function add(into: Float32Array, other: Float32Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += other[at]!;
}
