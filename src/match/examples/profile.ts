import type { Knowledge } from '../knowledge.ts';
import { interestVector, paperVector, usualCosine, type Vectors } from '../vectors.ts';
import { isKnown, withoutDirections } from './directions.ts';
import { placeOf, sharedConcepts, type ExampleText, type SharedConcept } from './example-concepts.ts';

/** A direction in the space of papers, and what cosine papers usually have with it. */
export interface Direction {
  vector: Float32Array;
  mean: number;
  deviation: number;
}

/** What papers given as examples have in common. */
export interface LikeProfile {
  titles: readonly string[];
  /** Null where nothing of an example is known. */
  examples: readonly (Direction | null)[];
  concepts: readonly SharedConcept[];
}

/** Reads examples into a profile; what is left out pulls neither by its words nor by its direction. */
export function readProfile(
  texts: readonly ExampleText[],
  leftOut: readonly string[],
  knowledge: Knowledge,
): LikeProfile {
  const { vectors } = knowledge;
  const away = directionsOf(leftOut, knowledge);
  const examples = texts.map(({ title, abstract }) => {
    const vector = withoutDirections(paperVector(vectors, title, abstract), away);
    return isKnown(vector) ? directed(vector, vectors) : null;
  });
  return {
    titles: texts.map(({ title }) => title),
    examples,
    concepts: sharedConcepts(texts, leftOut, knowledge),
  };
}

/** The directions of what is left out, each at right angles to those before it. */
function directionsOf(leftOut: readonly string[], { lexicon, vectors, conceptVectors }: Knowledge): Float32Array[] {
  const away: Float32Array[] = [];
  for (const name of leftOut) {
    const place = placeOf(lexicon, name);
    const own = place < 0 ? interestVector(vectors, [name]) : Float32Array.from(conceptVectors(place));
    const vector = withoutDirections(own, away);
    if (isKnown(vector)) away.push(vector);
  }
  return away;
}

function directed(vector: Float32Array, vectors: Vectors): Direction {
  return { vector, ...usualCosine(vectors, vector) };
}
