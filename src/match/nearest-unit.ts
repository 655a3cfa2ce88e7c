import type { PaperText } from '../model/paper.ts';
import type { Meaning } from './meaning.ts';
import { isTalk } from './talk.ts';
import { eachUnit } from './units.ts';
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
 * Returns the unit of a paper that is nearest to a meaning: a phrase or an acronym, a whole one where any is near
 * enough; null where none is.
 */
export function nearestUnit(
  { knowledge: { vectors }, tellingUnits }: Units,
  meaning: Meaning,
  paper: number,
): TellingUnit | null {
  let [best, bestWhole] = [NEAR, NEAR];
  let nearest: TellingUnit | null = null;
  let nearestWhole: TellingUnit | null = null;
  for (const unit of tellingUnits(paper)) {
    const cosine = productOf(vectors, unit.row, meaning.vector) / unit.length;
    if (cosine > best) [best, nearest] = [cosine, unit];
    if (unit.whole && cosine > bestWhole) [bestWhole, nearestWhole] = [cosine, unit];
  }
  return nearestWhole ?? nearest;
}

/**
 * Opens the question whether any unit of a paper is near enough to a meaning, which `nearestUnit` would then return. A
 * unit is compared with a meaning once, in however many papers it stands.
 */
export function openNearness({
  knowledge: { vectors },
  tellingUnits,
}: Units): (meaning: Meaning) => (paper: number) => boolean {
  const packed: Packed[] = [];
  const lastSeen = new Int32Array(vectors.units.length); // by which meaning, below 0 where it is not near
  let meanings = 0;
  return ({ vector }) => {
    const current = ++meanings;
    return (paper) => {
      const { rows, lengths } = (packed[paper] ??= pack(tellingUnits(paper)));
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at]!;
        let seen = lastSeen[row]!;
        if (seen !== current && seen !== -current) {
          seen = productOf(vectors, row, vector) / lengths[at]! > NEAR ? current : -current;
          lastSeen[row] = seen;
        }
        if (seen === current) return true;
      }
      return false;
    };
  };
}

/** Units side by side in memory: thousands of interests go through those of each paper. */
interface Packed {
  rows: Int32Array;
  lengths: Float32Array;
}

function pack(units: readonly TellingUnit[]): Packed {
  return {
    rows: Int32Array.from(units, ({ row }) => row),
    lengths: Float32Array.from(units, ({ length }) => length),
  };
}

/** A unit that tells enough to be shown, and the length of its vector. */
export interface TellingUnit extends Stretch {
  row: number;
  length: number;
  where: 'title' | 'abstract';
  /** Whether it is no part of a longer phrase, as «diffusion large language» is. */
  whole: boolean;
}

interface Stretch {
  start: number;
  end: number;
}

/** Finds the units that tell enough to be shown, where they first stand, each paper's when it is first asked about. */
export function findTellingUnits(
  papers: readonly PaperText[],
  vectors: Vectors,
): (paper: number) => readonly TellingUnit[] {
  const found = new Map<number, TellingUnit[]>();
  return (paper) => {
    const known = found.get(paper);
    if (known) return known;
    const telling = new Map<number, TellingUnit>();
    for (const where of ['title', 'abstract'] as const)
      for (const unit of unitsOf(papers[paper]?.[where] ?? '', vectors, where))
        if (!telling.get(unit.row)?.whole) telling.set(unit.row, unit);
    const units = [...telling.values()];
    found.set(paper, units);
    return units;
  };
}

/** Those of a text that are no piece of a longer word, such as «supervised fine» of «supervised fine-tuning». */
function unitsOf(text: string, vectors: Vectors, where: TellingUnit['where']): TellingUnit[] {
  const units: Omit<TellingUnit, 'whole'>[] = [];
  const phrases: Stretch[] = [];
  eachUnit(text, vectors.table, (row, start, end) => {
    const unit = vectors.units.at(row) ?? '';
    if (unit.includes(' ')) phrases.push({ start, end });
    if (!canBeShown(unit) || isCut(text, start, end)) return;
    const length = lengthOf(vectors, row);
    if (length * vectors.interestWeights[row]! >= TELLING) units.push({ row, length, where, start, end });
  });
  return units.map((unit) => {
    const isCapital = vectors.units.at(unit.row)?.startsWith('=') ?? false;
    return { ...unit, whole: isCapital || !phrases.some((phrase) => reachesBeyond(phrase, unit)) };
  });
}

function canBeShown(unit: string): boolean {
  if (unit.startsWith('=')) return true;
  const words = unit.split(' ');
  return words.length > 1 && !isTalk(words[0]!) && !isTalk(words.at(-1)!);
}

/** A hyphen beside it says that the word goes on. */
function isCut(text: string, start: number, end: number): boolean {
  return (
    /[\p{L}\p{N}][-‐‑–]$/u.test(text.slice(Math.max(0, start - 2), start)) ||
    /^[-‐‑–]\p{L}/u.test(text.slice(end, end + 2))
  );
}

/** Whether a phrase holds all of another stretch and more, or begins in it and goes on. */
function reachesBeyond(phrase: Stretch, { start, end }: Stretch): boolean {
  if (phrase.start < start) return phrase.end >= end;
  return phrase.start < end && phrase.end > end;
}

function productOf({ vectors, scales, dimensions }: Vectors, row: number, other: Float32Array): number {
  const from = row * dimensions;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0; // four sums at once, since a single one would wait for itself
  for (let at = 0; at + 3 < dimensions; at += 4) {
    a += vectors[from + at]! * other[at]!;
    b += vectors[from + at + 1]! * other[at + 1]!;
    c += vectors[from + at + 2]! * other[at + 2]!;
    d += vectors[from + at + 3]! * other[at + 3]!;
  }
  return (a + b + c + d) * scales[row]!;
}

function lengthOf({ vectors, scales, dimensions }: Vectors, row: number): number {
  let sum = 0;
  for (let at = 0; at < dimensions; at++) sum += vectors[row * dimensions + at]! ** 2;
  return Math.sqrt(sum) * scales[row]!;
}
