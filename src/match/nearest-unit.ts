import type { Meaning } from './meaning.ts';
import type { MatcherState } from './state.ts';
import { countUnits } from './units.ts';
import type { Vectors } from './vectors.ts';

/** A unit whose weighted vector is shorter tells too little to be shown: «model» has 0.3, «agent» 0.7, «BCI» 1.8. */
const TELLING = 1;
/** The cosine that a unit must have at least with what is asked for. */
const NEAR = 0.3;

/** Returns the stems of the unit of a paper that is nearest to a meaning: a phrase or an acronym; null where none is. */
export function nearestUnit({ index, knowledge }: MatcherState, meaning: Meaning, paper: number): string[] | null {
  const { vectors } = knowledge;
  const text = index.papers[paper];
  let best = NEAR;
  let nearest: string | null = null;
  for (const row of countUnits(`${text?.title}. ${text?.abstract}`, vectors.table).keys()) {
    const unit = vectors.units[row] ?? '';
    if (!unit.startsWith('=') && !unit.includes(' ')) continue;
    const length = lengthOf(vectors, row);
    if (length * vectors.interestWeights[row]! < TELLING) continue;
    const cosine = productOf(vectors, row, meaning.vector) / length;
    if (cosine <= best) continue;
    best = cosine;
    nearest = unit;
  }
  return nearest === null ? null : nearest.split(' ');
}

function productOf({ vectors, scales, dimensions }: Vectors, row: number, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < dimensions; at++) sum += vectors[row * dimensions + at]! * other[at]!;
  return sum * scales[row]!;
}

function lengthOf({ vectors, scales, dimensions }: Vectors, row: number): number {
  let sum = 0;
  for (let at = 0; at < dimensions; at++) sum += vectors[row * dimensions + at]! ** 2;
  return Math.sqrt(sum) * scales[row]!;
}
