/** Brings a stretch of numbers to length 1; leaves zeros as they are. */
export function toUnit(vector: Float32Array, offset: number, length: number): void {
  let square = 0;
  for (let at = offset; at < offset + length; at++) square += (vector[at] ?? 0) ** 2;
  if (square === 0) return;
  const scale = 1 / Math.sqrt(square);
  for (let at = offset; at < offset + length; at++) vector[at]! *= scale;
}
