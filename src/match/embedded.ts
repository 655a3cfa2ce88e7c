/**
 * Tells how near papers are to an interest, in [0,1], by vectors of length 1: by how much their cosine is beyond that
 * of the papers on the whole, as a share of what it could be. Models differ in what two unrelated texts have (0.1 to
 * 0.7), less in this. A paper without a vector of the same model has 0.
 */
export function embeddedNearness(wanted: Float32Array, papers: readonly (Float32Array | undefined)[]): Float32Array {
  const cosines = papers.map((paper) => (paper?.length === wanted.length ? scalarProduct(paper, wanted) : null));
  const known = cosines.filter((cosine) => cosine !== null);
  const usual = known.reduce((sum, cosine) => sum + cosine, 0) / (known.length || 1);
  const room = Math.max(1 - usual, 1e-3); // where all papers are alike, none is nearer than usual
  return Float32Array.from(cosines, (cosine) => Math.min(1, Math.max(0, ((cosine ?? usual) - usual) / room)));
}

/** Returns the scalar product of two vectors of the same length. */
export function scalarProduct(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let at = 0; at < one.length; at++) product += one[at]! * other[at]!;
  return product;
}
