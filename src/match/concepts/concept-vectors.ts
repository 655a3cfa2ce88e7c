import { toUnit } from '../unit-length.ts';
import { interestVector, type Vectors } from '../vectors.ts';
import { termsOf } from './concept-texts.ts';
import type { Lexicon } from './lexicon.ts';

/** Returns the meaning of a concept: the mean of its terms', brought to length 1; 0 where none is known. */
export type ConceptVectors = (concept: number) => Float32Array;

/** Opens the meanings of concepts, each worked out once. */
export function openConceptVectors(vectors: Vectors, { concepts }: Pick<Lexicon, 'concepts'>): ConceptVectors {
  const made = new Map<number, Float32Array>();
  return (place) => {
    const known = made.get(place);
    if (known) return known;
    const sum = new Float32Array(vectors.dimensions);
    const concept = concepts.at(place);
    for (const term of concept ? termsOf(concept) : []) {
      const vector = interestVector(vectors, [term]);
      for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!;
    }
    toUnit(sum, 0, sum.length);
    made.set(place, sum);
    return sum;
  };
}
