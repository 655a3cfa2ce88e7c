/** The 97.5 % point of the normal distribution: between it and its negative lie 95 %. */
const Z = 1.959964;

/**
 * Returns the 95 % interval of a share from a count (Wilson, Probable inference, 1927): within [0,1], and true for few
 * and for extreme counts, where the ordinary one is not. Of nothing it is [0,1].
 */
export function wilsonInterval(hits: number, total: number): [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = hits / total;
  const square = Z ** 2 / total;
  const middle = (share + square / 2) / (1 + square);
  const half = (Z * Math.sqrt((share * (1 - share)) / total + square / (4 * total))) / (1 + square);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
