import type { Barrier } from './barrier.ts';
import { createBarrier } from './barrier.ts';
import type { Lists, Material } from './compile.ts';
import { BATCH, type Schedule } from './schedule.ts';

export const DIMENSIONS = 128;

/** What is learned, with the running mean of its gradient and of the gradient's square (Adam). */
export interface Learned {
  values: Float32Array;
  mean: Float32Array;
  square: Float32Array;
  /** Gradient of this step; for weights a part for each thread, one behind the other. */
  gradient: Float32Array;
}

/** One side of a batch: for each item its units and how much each counts, and its vector. */
export interface Side {
  /** Units of item i: `sizes[i]` rows from i · width. */
  sizes: Int32Array;
  width: number;
  rows: Int32Array;
  counts: Float32Array;
  /** Vectors of length 1, the same with rows and columns changed, and their lengths before. */
  vectors: Float32Array;
  turned: Float32Array;
  lengths: Float32Array;
  /** Gradient by the vector; then by the sum it was made of. */
  gradient: Float32Array;
}

/** All memory of the training, shared by its threads. */
export interface State {
  threads: number;
  units: number;
  material: Material;
  schedule: Schedule;
  barrier: Barrier;
  vectors: Learned;
  interestWeights: Learned;
  paperWeights: Learned;
  /** Logarithm of the scale of cosines: value, mean, square. */
  logScale: Float64Array;
  questions: Side;
  answers: Side;
  /** Paper of each answer. */
  papers: Int32Array;
  /** Of each question with each answer: the exponential of its scaled cosine, then the gradient; and turned. */
  pairs: Float32Array;
  pairsTurned: Float32Array;
  /** Sums over the questions of each answer, a part for each thread. */
  columns: Float64Array;
  /** Of each thread: loss and gradient of the scale; sums of this step. */
  sums: Float64Array;
  /** Loss of each step. */
  losses: Float32Array;
}

/** Reserves memory for a training. */
export function createState(
  material: Material,
  schedule: Schedule,
  start: { vectors: Float32Array; weights: Float32Array },
  threads: number,
): State {
  const units = start.weights.length;
  return {
    threads,
    units,
    material,
    schedule,
    barrier: createBarrier(),
    vectors: learned(start.vectors, 1),
    interestWeights: learned(start.weights, threads),
    paperWeights: learned(start.weights, threads),
    logScale: new Float64Array(new SharedArrayBuffer(24)),
    questions: side(longest(material.titles, material.keywords, material.summaries)),
    answers: side(longest(material.titles) + longest(material.abstracts)),
    papers: new Int32Array(new SharedArrayBuffer(4 * BATCH)),
    pairs: floats(BATCH * BATCH),
    pairsTurned: floats(BATCH * BATCH),
    columns: new Float64Array(new SharedArrayBuffer(8 * threads * BATCH)),
    sums: new Float64Array(new SharedArrayBuffer(8 * threads * 2)),
    losses: floats(schedule.kinds.length),
  };
}

function longest(...lists: Lists[]): number {
  return lists.reduce(
    (most, { starts }) => starts.reduce((top, start, at) => Math.max(top, start - (starts[at - 1] ?? 0)), most),
    1,
  );
}

function learned(start: Float32Array, threads: number): Learned {
  const values = floats(start.length);
  values.set(start);
  return {
    values,
    mean: floats(start.length),
    square: floats(start.length),
    gradient: floats(start.length * threads),
  };
}

function side(width: number): Side {
  return {
    sizes: new Int32Array(new SharedArrayBuffer(4 * BATCH)),
    width,
    rows: new Int32Array(new SharedArrayBuffer(4 * BATCH * width)),
    counts: floats(BATCH * width),
    vectors: floats(BATCH * DIMENSIONS),
    turned: floats(BATCH * DIMENSIONS),
    lengths: floats(BATCH),
    gradient: floats(BATCH * DIMENSIONS),
  };
}

/** Reserves memory that threads share. */
export function floats(size: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * size));
}
