/** A logistic model of raw numbers: the log-odds are `intercept` and each number times its weight. */
export interface Logistic {
  intercept: number;
  weights: number[];
}

/** An example to learn from. */
export interface Example {
  numbers: readonly number[];
  right: boolean;
  /** How much it counts. */
  weight: number;
}

const ROUNDS = 30;

/**
 * Fits a logistic regression by Newton's method (iteratively reweighted least squares) on standardised numbers; `ridge`
 * is the penalty on the square of each standardised weight, halved. Deterministic.
 */
export function fitLogistic(examples: readonly Example[], ridge: number): Logistic {
  const size = examples[0]?.numbers.length ?? 0;
  const { means, deviations } = spreadOf(examples, size);
  const rows = examples.map(({ numbers }) => [...numbers.map((n, at) => (n - means[at]!) / deviations[at]!), 1]);
  const weights = new Array<number>(size + 1).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const step = newtonStep(rows, examples, weights, ridge);
    for (let at = 0; at <= size; at++) weights[at]! -= step[at]!;
    if (Math.max(...step.map(Math.abs)) < 1e-7) break;
  }
  const raw = weights.slice(0, size).map((weight, at) => weight / deviations[at]!);
  const shift = raw.reduce((sum, weight, at) => sum + weight * means[at]!, 0);
  return { intercept: weights[size]! - shift, weights: raw };
}

/** Returns the probability that a model gives. */
export function probabilityOf({ intercept, weights }: Logistic, numbers: readonly number[]): number {
  return sigmoid(numbers.reduce((sum, number, at) => sum + number * weights[at]!, intercept));
}

/** Turns log-odds into a probability. */
export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function spreadOf(examples: readonly Example[], size: number): { means: number[]; deviations: number[] } {
  const mean = (of: (example: Example) => number) =>
    examples.reduce((sum, example) => sum + of(example), 0) / (examples.length || 1);
  const means = Array.from({ length: size }, (_, at) => mean(({ numbers }) => numbers[at]!));
  const deviations = means.map((middle, at) => Math.sqrt(mean(({ numbers }) => (numbers[at]! - middle) ** 2)) || 1);
  return { means, deviations };
}

/** The gradient, solved against the matrix of second derivatives. */
function newtonStep(
  rows: readonly number[][],
  examples: readonly Example[],
  weights: readonly number[],
  ridge: number,
): number[] {
  const size = weights.length;
  const last = size - 1; // the intercept, which pays no penalty
  const gradient = weights.map((weight, at) => (at === last ? 0 : ridge * weight));
  const curvature = weights.map((_, row) => weights.map((__, at) => (row !== at ? 0 : row === last ? 1e-9 : ridge)));
  for (const [nth, row] of rows.entries()) {
    const { right, weight } = examples[nth]!;
    const p = sigmoid(row.reduce((sum, value, at) => sum + value * weights[at]!, 0));
    for (let one = 0; one < size; one++) {
      gradient[one]! += weight * (p - Number(right)) * row[one]!;
      for (let other = 0; other < size; other++)
        curvature[one]![other]! += weight * p * (1 - p) * row[one]! * row[other]!;
    }
  }
  return solve(curvature, gradient);
}

/** Solves a small symmetric system by elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
}
