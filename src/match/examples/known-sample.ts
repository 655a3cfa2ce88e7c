import type { Vectors } from '../vectors.ts';

/** Papers drawn; fewer leave the mean of the nearest uncertain by more than a tenth of a deviation. */
const DRAWN = 200;
const drawn = new WeakMap<Vectors, Float32Array[]>();

/** Draws papers as known ones are spread (mean and covariance), the same each time. */
export function knownSample(vectors: Vectors): readonly Float32Array[] {
  const known = drawn.get(vectors);
  if (known) return known;
  const { dimensions, knownMean } = vectors;
  const root = rootOf(vectors);
  const next = normals();
  const made = Array.from({ length: DRAWN }, () => {
    const noise = Float64Array.from({ length: dimensions }, next);
    return Float32Array.from({ length: dimensions }, (_, row) => {
      let sum = knownMean[row]!;
      for (let at = 0; at <= row; at++) sum += root[row * dimensions + at]! * noise[at]!;
      return sum;
    });
  });
  drawn.set(vectors, made);
  return made;
}

/** The lower triangle whose product with itself is the covariance (Cholesky). */
function rootOf({ dimensions: size, knownCov }: Vectors): Float64Array {
  const root = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = knownCov[row * size + column]!;
      for (let at = 0; at < column; at++) rest -= root[row * size + at]! * root[column * size + at]!;
      const below = root[column * size + column]!;
      root[row * size + column] = row === column ? Math.sqrt(Math.max(rest, 0)) : below > 0 ? rest / below : 0;
    }
  }
  return root;
}

/** Standard normal numbers from a fixed start (Box and Muller 1958). */
function normals(): () => number {
  let state = 1;
  const even = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
}
