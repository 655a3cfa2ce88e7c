import type { Material } from './compile.ts';
import { randomOf } from './random.ts';
import { DIMENSIONS } from './state.ts';
import { TITLE_WEIGHT } from '../../src/match/vectors.ts';

const ITERATIONS = 4;

/**
 * Finds where units start: the strongest directions of the papers' tf-idf, each unit's row brought to length 1. By
 * block power iteration from a random beginning (Halko, Martinsson and Tropp, Finding structure with randomness, 2011).
 */
export function decompose(material: Material, rarity: Float32Array, seed: number): Float32Array {
  const random = randomOf(seed);
  const size = rarity.length;
  let basis: Float32Array = Float32Array.from({ length: size * DIMENSIONS }, () => random() - 0.5);
  for (let round = 0; round < ITERATIONS; round++) {
    basis = throughPapers(material, rarity, basis);
    orthonormalise(basis, size);
  }
  for (let row = 0; row < size; row++) {
    const vector = basis.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let d = 0; d < DIMENSIONS; d++) vector[d]! /= length;
  }
  return basis;
}

/** Multiplies by the tf-idf matrix and back, paper by paper; each paper has length 1. */
function throughPapers({ titles, abstracts }: Material, rarity: Float32Array, basis: Float32Array): Float32Array {
  const product = new Float32Array(basis.length);
  const sum = new Float64Array(DIMENSIONS);
  const places: { row: number; value: number }[] = [];
  for (let paper = 0; paper < titles.starts.length - 1; paper++) {
    places.length = 0;
    for (const [{ starts, rows, counts }, weight] of [[titles, TITLE_WEIGHT] as const, [abstracts, 1] as const])
      for (let at = starts[paper]!; at < starts[paper + 1]!; at++)
        places.push({ row: rows[at]!, value: weight * counts[at]! * rarity[rows[at]!]! });
    const square = places.reduce((all, { value }) => all + value * value, 0);
    sum.fill(0);
    for (const { row, value } of places) gather(sum, basis, row * DIMENSIONS, value);
    for (const { row, value } of places) scatter(sum, product, row * DIMENSIONS, value / square);
  }
  return product;
}

function gather(sum: Float64Array, basis: Float32Array, from: number, factor: number): void {
  for (let d = 0; d < DIMENSIONS; d++) sum[d]! += factor * basis[from + d]!;
}

function scatter(sum: Float64Array, product: Float32Array, from: number, factor: number): void {
  for (let d = 0; d < DIMENSIONS; d++) product[from + d]! += factor * sum[d]!;
}

/** Makes the columns orthonormal, in place: by the triangle L of their scalar products LLᵀ (Cholesky). */
function orthonormalise(basis: Float32Array, size: number): void {
  const products = new Float64Array(DIMENSIONS * DIMENSIONS);
  for (let row = 0; row < size; row++) {
    const vector = basis.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    for (let a = 0; a < DIMENSIONS; a++)
      for (let b = 0; b <= a; b++) products[a * DIMENSIONS + b]! += vector[a]! * vector[b]!;
  }
  const triangle = cholesky(products);
  for (let row = 0; row < size; row++) {
    const vector = basis.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    for (let a = 0; a < DIMENSIONS; a++) {
      let value = vector[a]!;
      for (let b = 0; b < a; b++) value -= triangle[a * DIMENSIONS + b]! * vector[b]!;
      vector[a] = value / triangle[a * DIMENSIONS + a]!;
    }
  }
}

function cholesky(products: Float64Array): Float64Array {
  const triangle = new Float64Array(products.length);
  for (let a = 0; a < DIMENSIONS; a++) {
    for (let b = 0; b <= a; b++) {
      let value = products[a * DIMENSIONS + b]!;
      for (let c = 0; c < b; c++) value -= triangle[a * DIMENSIONS + c]! * triangle[b * DIMENSIONS + c]!;
      // A direction that papers don't have, as on a handful of them, stays what it is.
      triangle[a * DIMENSIONS + b] =
        a === b ? Math.sqrt(Math.max(value, 1e-12)) : value / triangle[b * DIMENSIONS + b]!;
    }
  }
  return triangle;
}
