import type { Learned } from './state.ts';

/** Adam's memory of the gradient and its square (Kingma and Ba, Adam: a method for stochastic optimization, 2015). */
const KEPT_MEAN = 0.9;
const KEPT_SQUARE = 0.99;
const LEAST = 1e-10;

const WARM_UP_STEPS = 50;
const LAST_SHARE = 0.03;

/** How much of the full rate a step learns by: it grows in the first 50, then falls evenly to 3 %. */
export function rateShare(step: number, steps: number): number {
  const warm = Math.min(WARM_UP_STEPS, steps / 10);
  if (step < warm) return (step + 1) / warm;
  return 1 - (1 - LAST_SHARE) * ((step - warm) / (steps - warm));
}

/** One step for the numbers of a stretch; empties their gradient. */
export function adam(
  { values, mean, square, gradient }: Learned,
  from: number,
  to: number,
  step: number,
  rate: number,
) {
  const size = (rate * Math.sqrt(1 - KEPT_SQUARE ** (step + 1))) / (1 - KEPT_MEAN ** (step + 1));
  for (let at = from; at < to; at++) {
    const slope = gradient[at]!;
    gradient[at] = 0;
    const m = KEPT_MEAN * mean[at]! + (1 - KEPT_MEAN) * slope;
    const s = KEPT_SQUARE * square[at]! + (1 - KEPT_SQUARE) * slope * slope;
    mean[at] = m;
    square[at] = s;
    values[at]! -= (size * m) / (Math.sqrt(s) + LEAST);
  }
}

/** The same for one number. */
export function adamOne(number: Float64Array, slope: number, step: number, rate: number): void {
  const mean = KEPT_MEAN * number[1]! + (1 - KEPT_MEAN) * slope;
  const square = KEPT_SQUARE * number[2]! + (1 - KEPT_SQUARE) * slope * slope;
  const size = (rate * Math.sqrt(1 - KEPT_SQUARE ** (step + 1))) / (1 - KEPT_MEAN ** (step + 1));
  number.set([number[0]! - (size * mean) / (Math.sqrt(square) + LEAST), mean, square]);
}
