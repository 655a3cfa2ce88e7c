import type { Range } from './multiply.ts';
import { BATCH } from './schedule.ts';
import { DIMENSIONS, type Learned, type Side } from './state.ts';

/** Sums the weighted vectors of each item's units and brings them to length 1, for the items of a range. */
export function sumUnits(side: Side, vectors: Learned, weights: Learned, [from, to]: Range): void {
  const sum = new Float64Array(DIMENSIONS);
  for (let item = from; item < to; item++) {
    sum.fill(0);
    for (let at = item * side.width; at < item * side.width + side.sizes[item]!; at++) {
      const row = side.rows[at]!;
      addScaled(sum, vectors.values, row * DIMENSIONS, side.counts[at]! * weights.values[row]!);
    }
    let square = 0;
    for (let d = 0; d < DIMENSIONS; d++) square += sum[d]! * sum[d]!;
    const length = Math.sqrt(square);
    side.lengths[item] = length;
    for (let d = 0; d < DIMENSIONS; d++) {
      const value = length > 0 ? sum[d]! / length : 0;
      side.vectors[item * DIMENSIONS + d] = value;
      side.turned[d * BATCH + item] = value;
    }
  }
}

function addScaled(sum: Float64Array, values: Float32Array, from: number, factor: number): void {
  for (let d = 0; d < DIMENSIONS; d++) sum[d]! += factor * values[from + d]!;
}

/** Turns the gradient by a vector of length 1 into that by the sum it was made of. */
export function throughLength({ vectors, gradient, lengths }: Side, [from, to]: Range): void {
  for (let item = from; item < to; item++) {
    const at = item * DIMENSIONS;
    let along = 0;
    for (let d = 0; d < DIMENSIONS; d++) along += gradient[at + d]! * vectors[at + d]!;
    const factor = lengths[item]! > 0 ? 1 / lengths[item]! : 0;
    for (let d = 0; d < DIMENSIONS; d++) gradient[at + d] = factor * (gradient[at + d]! - along * vectors[at + d]!);
  }
}

/**
 * Adds the gradients of all items to those of their units, for the dimensions of a range, and to this thread's part of
 * the weights' gradient; tells of each row.
 */
export function spreadGradient(
  side: Side,
  vectors: Learned,
  weights: Learned,
  [from, to]: Range,
  part: number,
  touched: (row: number) => void,
): void {
  for (let item = 0; item < BATCH; item++) {
    for (let at = item * side.width; at < item * side.width + side.sizes[item]!; at++) {
      const row = side.rows[at]!;
      const count = side.counts[at]!;
      touched(row);
      const product = spreadOne(
        vectors,
        row * DIMENSIONS,
        side.gradient,
        item * DIMENSIONS,
        from,
        to,
        count * weights.values[row]!,
      );
      weights.gradient[part + row]! += count * product;
    }
  }
}

function spreadOne(
  { values, gradient }: Learned,
  into: number,
  source: Float32Array,
  at: number,
  from: number,
  to: number,
  factor: number,
): number {
  let product = 0;
  for (let d = from; d < to; d++) {
    const value = source[at + d]!;
    product += value * values[into + d]!;
    gradient[into + d]! += factor * value;
  }
  return product;
}
