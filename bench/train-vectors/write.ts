import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paperVector, unitTable, type Vectors } from '../../src/match/vectors.ts';
import type { TrainingPaper } from './read-papers.ts';
import { randomOf, shuffle } from './random.ts';
import { DIMENSIONS, type State } from './state.ts';

/** Papers whose vectors say what is usual: those of the daily list, or as many as this. */
const KNOWN = 10_000;

/** Brings what was learned to the form that is shipped: int8 with a scale for each row. */
export function shippedVectors(state: State, units: string[], papersWithUnit: Uint32Array, texts: number): Vectors {
  const learned = state.vectors.values;
  const vectors = new Int8Array(learned.length);
  const scales = new Float32Array(units.length);
  for (let row = 0; row < units.length; row++) {
    const from = row * DIMENSIONS;
    let most = 0;
    for (let d = 0; d < DIMENSIONS; d++) most = Math.max(most, Math.abs(learned[from + d]!));
    scales[row] = most / 127;
    for (let d = 0; d < DIMENSIONS; d++) vectors[from + d] = Math.round((learned[from + d]! / (most || 1)) * 127);
  }
  const table = unitTable(units);
  return {
    dimensions: DIMENSIONS,
    units: table.rows,
    table,
    vectors,
    scales,
    interestWeights: Float32Array.from(state.interestWeights.values),
    paperWeights: Float32Array.from(state.paperWeights.values),
    papersWithUnit,
    texts,
    knownMean: new Float32Array(DIMENSIONS),
    knownCov: new Float32Array(DIMENSIONS * DIMENSIONS),
  };
}

/** Fills in the mean and covariance of known papers: those of the daily list, or a random 10,000. */
export function measureKnown(vectors: Vectors, papers: readonly TrainingPaper[], seed: number): number {
  const listed = papers.filter((paper) => paper.listed);
  const known = listed.length > 0 ? listed : shuffle([...papers], randomOf(seed)).slice(0, KNOWN);
  const mean = new Float64Array(DIMENSIONS);
  const products = new Float64Array(DIMENSIONS * DIMENSIONS);
  const vector = new Float32Array(DIMENSIONS);
  for (const { title, abstract } of known) {
    paperVector(vectors, title, abstract, vector);
    for (let a = 0; a < DIMENSIONS; a++) {
      mean[a]! += vector[a]! / known.length;
      for (let b = 0; b < DIMENSIONS; b++) products[a * DIMENSIONS + b]! += (vector[a]! * vector[b]!) / known.length;
    }
  }
  vectors.knownMean.set(mean);
  vectors.knownCov.set(
    products.map((value, at) => value - mean[Math.floor(at / DIMENSIONS)]! * mean[at % DIMENSIONS]!),
  );
  return known.length;
}

/** Writes the files that `readVectors` reads. */
export async function writeVectors(folder: string, vectors: Vectors): Promise<void> {
  const { dimensions, texts, units } = vectors;
  await mkdir(folder, { recursive: true });
  const write = (name: string, bytes: NodeJS.ArrayBufferView | string) => writeFile(join(folder, name), bytes);
  await write('units.json', JSON.stringify({ dimensions, texts, units: [...units] }));
  await write('unit-vectors.int8.bin', vectors.vectors);
  await write('unit-scales.f32.bin', vectors.scales);
  await write('interest-weights.f32.bin', vectors.interestWeights);
  await write('paper-weights.f32.bin', vectors.paperWeights);
  await write('papers-with-unit.u32.bin', vectors.papersWithUnit);
  await write('known-mean.f32.bin', vectors.knownMean);
  await write('known-cov.f32.bin', vectors.knownCov);
}
