/** Returns the scalar product of two vectors, the second at an offset. */
export function cosine(one: Float32Array, other: Float32Array, offset = 0): number {
  let product = 0;
  for (let at = 0; at < one.length; at++) product += one[at]! * other[offset + at]!;
  return product;
}

/** Takes out of a vector its part along directions of length 1, in place, and makes it of length 1 again. */
export function withoutDirections(vector: Float32Array, away: readonly Float32Array[]): Float32Array {
  for (const direction of away) {
    const part = Math.max(0, cosine(vector, direction));
    for (let at = 0; at < vector.length; at++) vector[at]! -= part * direction[at]!;
  }
  if (away.length > 0) toUnit(vector);
  return vector;
}

/** Tells whether a vector is not all 0. */
export function isKnown(vector: Float32Array): boolean {
  return vector.some((value) => value !== 0);
}

function toUnit(vector: Float32Array): void {
  const length = Math.sqrt(cosine(vector, vector));
  if (length > 1e-6) for (let at = 0; at < vector.length; at++) vector[at]! /= length;
  else vector.fill(0);
}
