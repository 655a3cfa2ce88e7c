import type { PaperText } from '../model/paper.ts';
import type { Meaning } from './meaning.ts';
import { countUnits } from './units.ts';
import type { Vectors } from './vectors.ts';

/** A unit whose weighted vector is shorter tells too little to be shown: «model» has 0.3, «agent» 0.7, «BCI» 1.8. */
const TELLING = 1;
/** The cosine that a unit must have at least with what is asked for. */
const NEAR = 0.2;

/** The units of papers that may be shown, with their vectors. */
interface Units {
  knowledge: { vectors: Vectors };
  tellingUnits: (paper: number) => readonly TellingUnit[];
}

/**
 * Returns the stems of the unit of a paper that is nearest to a meaning: a phrase or an acronym; null where none is.
 */
export function nearestUnit(
  { knowledge: { vectors }, tellingUnits }: Units,
  meaning: Meaning,
  paper: number,
): string[] | null {
  let best = NEAR;
  let nearest = -1;
  for (const { row, length } of tellingUnits(paper)) {
    const cosine = productOf(vectors, row, meaning.vector) / length;
    if (cosine <= best) continue;
    best = cosine;
    nearest = row;
  }
  return nearest < 0 ? null : (vectors.units[nearest] ?? '').split(' ');
}

/** A unit that tells enough to be shown, and the length of its vector. */
export interface TellingUnit {
  row: number;
  length: number;
}

/** Finds the rows of units that tell enough to be shown, each paper's when it is first asked about. */
export function findTellingUnits(
  papers: readonly PaperText[],
  vectors: Vectors,
): (paper: number) => readonly TellingUnit[] {
  const found = new Map<number, TellingUnit[]>();
  return (paper) => {
    const known = found.get(paper);
    if (known) return known;
    const text = papers[paper];
    const rows = [...countUnits(`${text?.title}. ${text?.abstract}`, vectors.table).keys()];
    const telling = rows.flatMap((row): TellingUnit[] => {
      const unit = vectors.units[row] ?? '';
      const length = lengthOf(vectors, row);
      const tells = length * vectors.interestWeights[row]! >= TELLING;
      return tells && (unit.startsWith('=') || unit.includes(' ')) ? [{ row, length }] : [];
    });
    found.set(paper, telling);
    return telling;
  };
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
