import { adam, adamOne, rateShare } from './adam.ts';
import { meet } from './barrier.ts';
import { fillBatch } from './batch.ts';
import { multiply, type Range } from './multiply.ts';
import { holderFinder } from './not-negative.ts';
import { BATCH, Kind } from './schedule.ts';
import { DIMENSIONS, type State } from './state.ts';
import { spreadGradient, sumUnits, throughLength } from './vectors-of-batch.ts';

const RATE = 0.006;
const WEIGHT_RATE = 0.004;
const FIRST_SCALE = 16;
const MOST_SCALE = 40;
const ALL: Range = [0, BATCH];

/** The equal part of a thread in `size` things. */
function partOf(thread: number, { threads }: State, size: number): Range {
  const part = Math.ceil(size / threads / 4) * 4;
  return [Math.min(size, thread * part), Math.min(size, (thread + 1) * part)];
}

/**
 * Learns on one of the threads; all run the same steps, each for its own items and dimensions, and meet where one needs
 * what the others made. The loss is InfoNCE (Van den Oord, Li and Vinyals, Representation learning with contrastive
 * predictive coding, 2018) over the batch.
 */
export function learn(state: State, thread: number, tell: (step: number) => void): void {
  const steps = state.schedule.kinds.length;
  const own = partOf(thread, state, BATCH);
  const findHolders = holderFinder(state);
  const update = updater(state, thread);
  if (thread === 0) state.logScale[0] = Math.log(FIRST_SCALE);
  for (let step = 0; step < steps; step++) {
    meet(state.barrier, state.threads);
    const scale = Math.exp(state.logScale[0]!);
    fillBatch(state, step, own);
    sumUnits(state.questions, state.vectors, state.interestWeights, own);
    sumUnits(state.answers, state.vectors, state.paperWeights, own);
    meet(state.barrier, state.threads);
    const { questions, answers, pairs, pairsTurned } = state;
    multiply(questions.vectors, answers.vectors, DIMENSIONS, own, ALL, pairs, BATCH);
    const both = state.schedule.kinds[step]! === Kind.title || state.schedule.kinds[step]! === Kind.summary;
    const rows = exponentials(state, thread, own, scale, (drop) => {
      if (!both) findHolders(own, drop);
    });
    meet(state.barrier, state.threads);
    slopes(state, thread, own, rows, both, scale);
    multiply(pairs, answers.turned, BATCH, own, [0, DIMENSIONS], questions.gradient, DIMENSIONS);
    throughLength(questions, own);
    meet(state.barrier, state.threads);
    multiply(pairsTurned, questions.turned, BATCH, own, [0, DIMENSIONS], answers.gradient, DIMENSIONS);
    throughLength(answers, own);
    meet(state.barrier, state.threads);
    update(step, rateShare(step, steps));
    if (thread === 0) tell(step);
  }
  meet(state.barrier, state.threads);
}

/** Of cosines makes e^(scale · (cosine − 1)), 0 for what is not to be compared; returns the sums of the rows. */
function exponentials(
  { pairs, columns }: State,
  thread: number,
  [from, to]: Range,
  scale: number,
  eachHolder: (drop: (question: number, answer: number) => void) => void,
): Float64Array {
  eachHolder((question, answer) => (pairs[question * BATCH + answer] = -Infinity));
  const rows = new Float64Array(to - from);
  const part = columns.subarray(thread * BATCH, (thread + 1) * BATCH).fill(0);
  for (let row = from; row < to; row++) {
    let sum = 0;
    for (let column = 0; column < BATCH; column++) {
      const value = Math.exp(scale * (pairs[row * BATCH + column]! - 1));
      pairs[row * BATCH + column] = value;
      sum += value;
      part[column]! += value;
    }
    rows[row - from] = sum;
  }
  return rows;
}

/** Of exponentials makes the gradient by the cosines, times the scale; adds up loss and the gradient of the scale. */
function slopes(state: State, thread: number, [from, to]: Range, rows: Float64Array, both: boolean, scale: number) {
  const { pairs, pairsTurned, columns, sums, threads } = state;
  const shares = new Float64Array(BATCH);
  for (let other = 0; other < threads; other++)
    for (let column = 0; column < BATCH; column++) shares[column]! += columns[other * BATCH + column]!;
  const weight = (both ? 0.5 : 1) / BATCH;
  for (let column = 0; column < BATCH; column++) shares[column] = both ? weight / shares[column]! : 0;
  let [loss, byScale] = [0, 0];
  for (let row = from; row < to; row++) {
    const share = weight / rows[row - from]!;
    const right = pairs[row * BATCH + row]!;
    loss -=
      weight * Math.log((right * share) / weight) + (both ? weight * Math.log((right * shares[row]!) / weight) : 0);
    for (let column = 0; column < BATCH; column++) {
      const value = pairs[row * BATCH + column]!;
      const slope = value * (share + shares[column]!) - (row === column ? (both ? 2 : 1) * weight : 0);
      if (value > 0) byScale += slope * (Math.log(value) + scale); // the logarithm is scale · (cosine − 1)
      pairs[row * BATCH + column] = scale * slope;
      pairsTurned[column * BATCH + row] = scale * slope;
    }
  }
  sums.set([loss, byScale], 2 * thread);
}

/** Moves what was learned; each thread its own dimensions of the rows touched. */
function updater(state: State, thread: number): (step: number, share: number) => void {
  const { vectors, interestWeights, paperWeights, questions, answers, units, threads } = state;
  const dimensions = partOf(thread, state, DIMENSIONS);
  const seen = new Int32Array(units).fill(-1);
  const rows = new Int32Array(units);
  return (step, share) => {
    let size = 0;
    const touch = (row: number) => {
      if (seen[row] === step) return;
      seen[row] = step;
      rows[size++] = row;
    };
    spreadGradient(questions, vectors, interestWeights, dimensions, thread * units, touch);
    spreadGradient(answers, vectors, paperWeights, dimensions, thread * units, touch);
    meet(state.barrier, threads);
    for (let at = 0; at < size; at++) {
      const row = rows[at]!;
      adam(vectors, row * DIMENSIONS + dimensions[0], row * DIMENSIONS + dimensions[1], step, RATE * share);
      if (row % threads !== thread) continue;
      for (const weights of [interestWeights, paperWeights]) {
        for (let other = 1; other < threads; other++) {
          weights.gradient[row]! += weights.gradient[other * units + row]!;
          weights.gradient[other * units + row] = 0;
        }
        if (weights.gradient[row] !== 0) adam(weights, row, row + 1, step, WEIGHT_RATE * share);
      }
    }
    if (thread === 0) moveScale(state, step, share);
  };
}

function moveScale({ sums, threads, logScale, losses }: State, step: number, share: number): void {
  let [loss, slope] = [0, 0];
  for (let thread = 0; thread < threads; thread++) {
    loss += sums[2 * thread]!;
    slope += sums[2 * thread + 1]!;
  }
  losses[step] = loss;
  adamOne(logScale, slope, step, RATE * share);
  logScale[0] = Math.min(logScale[0]!, Math.log(MOST_SCALE));
}
