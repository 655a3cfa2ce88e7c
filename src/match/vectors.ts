import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config.ts';
import { openStrings, packStrings, type StringTable } from '../lib/string-table.ts';
import { countUnits, type UnitTable } from './units.ts';

/** Vectors of units, learned from titles and abstracts by `bench/train-vectors.ts`; see docs/relevance.md. */
export interface Vectors {
  dimensions: number;
  units: StringTable;
  table: UnitTable;
  /** Row r times `scales[r]` is the vector of unit r. */
  vectors: Int8Array;
  scales: Float32Array;
  /** How much a unit counts in an interest, and in a paper. */
  interestWeights: Float32Array;
  paperWeights: Float32Array;
  /** How many of `texts` papers hold the unit. */
  papersWithUnit: Uint32Array;
  texts: number;
  /** Mean and covariance (dimensions²) of the vectors of known papers. */
  knownMean: Float32Array;
  knownCov: Float32Array;
}

/** A unit of the title counts this much beside one of the abstract; as in training. */
export const TITLE_WEIGHT = 1.5;
/** Almost all of them stand in the abstract already; more than this costs precision, see docs/relevance.md. */
const KEYWORDS_WEIGHT = 0.2;
/** What other forms of an interest (an acronym spelled out) count together beside the interest itself. */
const FORMS_WEIGHT = 0.5;

let loaded: Vectors | undefined;

/** Loads seeds/vectors once per process (6 MB); throws where its files don't belong together. */
export function loadVectors(): Vectors {
  loaded ??= readVectors(join(PACKAGE_ROOT, 'seeds', 'vectors'));
  return loaded;
}

/** Reads the vectors of a folder; throws where its files don't belong together. */
export function readVectors(folder: string): Vectors {
  const bytes = (name: string) => {
    const file = readFileSync(join(folder, name));
    return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  };
  const floats = (name: string) => new Float32Array(bytes(name));
  const { dimensions, texts, units } = JSON.parse(readFileSync(join(folder, 'units.json'), 'utf8')) as {
    dimensions: number;
    texts: number;
    units: string[];
  };
  const table = unitTable(units);
  const vectors: Vectors = {
    ...{ dimensions, texts, units: table.rows, table },
    vectors: new Int8Array(bytes('unit-vectors.int8.bin')),
    scales: floats('unit-scales.f32.bin'),
    interestWeights: floats('interest-weights.f32.bin'),
    paperWeights: floats('paper-weights.f32.bin'),
    papersWithUnit: new Uint32Array(bytes('papers-with-unit.u32.bin')),
    knownMean: floats('known-mean.f32.bin'),
    knownCov: floats('known-cov.f32.bin'),
  };
  checkSizes(folder, vectors);
  return vectors;
}

/** Makes the table of units in the order of their rows. */
export function unitTable(units: readonly string[]): UnitTable & { rows: StringTable } {
  return {
    rows: openStrings(packStrings(units)),
    longest: units.reduce((most, unit) => Math.max(most, unit.split(' ').length), 1),
  };
}

function checkSizes(folder: string, vectors: Vectors): void {
  const { dimensions, units } = vectors;
  const wanted = {
    vectors: units.length * dimensions,
    scales: units.length,
    interestWeights: units.length,
    paperWeights: units.length,
    papersWithUnit: units.length,
    knownMean: dimensions,
    knownCov: dimensions * dimensions,
  };
  for (const [name, size] of Object.entries(wanted)) {
    const found = vectors[name as keyof typeof wanted].length;
    if (found === size) continue;
    throw new Error(
      `${folder}: the files do not belong together: ${name} has ${found} numbers, ` +
        `${size} expected for ${units.length} units of ${dimensions} dimensions`,
    );
  }
}

/**
 * Returns the vector of a paper, of length 1, or all 0 where nothing in it is known: the sum over its units of weight ·
 * (1 + ln count), where what the title holds counts beside the abstract, and keywords that others gave it a little.
 * Writes it at an offset of `into`, where given.
 */
export function paperVector(
  vectors: Vectors,
  title: string,
  abstract: string,
  into = new Float32Array(vectors.dimensions),
  offset = 0,
  keywords: readonly string[] = [],
): Float32Array {
  const sum = into.subarray(offset, offset + vectors.dimensions).fill(0);
  const said: [text: string, weight: number][] = [
    [title, TITLE_WEIGHT],
    [abstract, 1],
    [keywords.join('. '), KEYWORDS_WEIGHT],
  ];
  for (const [text, weight] of said) {
    for (const [row, count] of countUnits(text, vectors.table))
      addUnit(vectors, sum, row, weight * (1 + Math.log(count)) * (vectors.paperWeights[row] ?? 0));
  }
  normalise(sum);
  return into;
}

/**
 * Returns the vector of an interest, of length 1, or all 0 where nothing in it is known. Texts behind the first are
 * other forms of it and count half, all together.
 */
export function interestVector(vectors: Vectors, texts: readonly string[]): Float32Array {
  const [own, ...forms] = texts.map((text) => textVector(vectors, text));
  const sum = own ?? new Float32Array(vectors.dimensions);
  const known = forms.filter((form) => form.some((value) => value !== 0));
  for (const form of known)
    for (const [at, value] of form.entries()) sum[at] = (sum[at] ?? 0) + (FORMS_WEIGHT * value) / known.length;
  normalise(sum);
  return sum;
}

function textVector(vectors: Vectors, text: string): Float32Array {
  const sum = new Float32Array(vectors.dimensions);
  for (const row of countUnits(text, vectors.table).keys())
    addUnit(vectors, sum, row, vectors.interestWeights[row] ?? 0);
  normalise(sum);
  return sum;
}

function addUnit({ vectors, scales, dimensions }: Vectors, sum: Float32Array, row: number, weight: number): void {
  const factor = weight * (scales[row] ?? 0);
  const from = row * dimensions;
  for (let at = 0; at < dimensions; at++) sum[at]! += factor * vectors[from + at]!;
}

function normalise(vector: Float32Array): void {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return;
  const length = Math.sqrt(square);
  for (let at = 0; at < vector.length; at++) vector[at]! /= length;
}

/** Returns what cosine an interest has with known papers: its mean q·μ and its deviation √(qᵀΣq). */
export function usualCosine(vectors: Vectors, interest: Float32Array): { mean: number; deviation: number } {
  const { dimensions, knownMean, knownCov } = vectors;
  let mean = 0;
  let variance = 0;
  for (let row = 0; row < dimensions; row++) {
    mean += interest[row]! * knownMean[row]!;
    let product = 0;
    for (let at = 0; at < dimensions; at++) product += interest[at]! * knownCov[row * dimensions + at]!;
    variance += interest[row]! * product;
  }
  return { mean, deviation: Math.sqrt(Math.max(0, variance)) };
}
