import { cpuMsOf, cpuMsSince } from './cpu.ts';

/** Characters of the longest text: what a form may hold, and three times the longest abstract. */
export const LONGEST = 64 * 1024;

/** Sizes on the way up, so that what explodes is found while it is small; the last is an eighth of the longest. */
const SIZES = [16, 24, 32, 40, 56, 96, 384, 1536, LONGEST / 8];
/** The best counts: a first try compiles, another one collects garbage. */
const TRIES = 10;
/** What outgrows its text does so each time; what a machine does that is slow for a moment it does once. */
const ROUNDS = 3;
/**
 * In readings of the text by a plain pattern: below it nothing is told from noise. The square of 64 k steps costs
 * thousands.
 */
const NOISE = 800;
/** What eightfold text may cost: eightfold, with room for noise. Squared growth would cost 64-fold. */
const MOST_FOR_EIGHTFOLD = 24;
/** So many milliseconds are told apart well enough by ticks of 4 ms and less. */
const TICKS_MS = 200;
/** What a text may cost a pattern, in readings of it: a bounded look behind or ahead at every place costs its bound. */
const MOST_READINGS = 1_000;

/**
 * Tells how the time of some work outgrows its text, or null where it is linear up to 64 kB: eightfold text costs at
 * most 24-fold time, and no text more than `mostReadings` of it by a plain pattern in the same run.
 */
export function outgrows(
  work: (text: string) => unknown,
  textOf: (length: number) => string,
  mostReadings = MOST_READINGS,
): string | null {
  let told: string | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    told = outgrowsNow(work, textOf, mostReadings);
    if (told === null) return null;
    cost = undefined; // the machine may be slower than when it was measured
  }
  return told;
}

function outgrowsNow(
  work: (text: string) => unknown,
  textOf: (length: number) => string,
  mostReadings: number,
): string | null {
  const readingMs = readingCost();
  let small = 0;
  for (const length of SIZES) {
    const most = (readingMs * mostReadings) / 8;
    small = best(work, textOf(length), (NOISE * readingMs) / 8);
    if (small > most) return tell(small, length, readingMs / 8);
  }
  if (small * 8 * 8 <= NOISE * readingMs) return null; // its square is measured, and is noise
  const allowed = Math.min(mostReadings * readingMs, Math.max(NOISE * readingMs, small * MOST_FOR_EIGHTFOLD));
  let large = best(work, textOf(LONGEST), allowed);
  for (let round = 0; round < ROUNDS && large > allowed; round++)
    large = Math.min(large, ownShare(work, textOf(LONGEST), allowed));
  return large > allowed ? tell(large, LONGEST, readingMs) + ` and ${small.toFixed(2)} ms for an eighth of it` : null;
}

function tell(costMs: number, length: number, readingMs: number): string {
  return `${costMs.toFixed(1)} ms for ${length} characters, against ${readingMs.toFixed(3)} ms of reading them`;
}

/**
 * Milliseconds of the processor of the best of some tries; the first that is good enough ends them. What other
 * processes do takes none of them.
 */
function best(work: (text: string) => unknown, text: string, enough: number): number {
  let least = Infinity;
  for (let tries = 0; tries < TRIES && least > enough; tries++) {
    least = Math.min(
      least,
      cpuMsOf(() => work(text)),
    );
  }
  return least;
}

/**
 * Milliseconds that a try takes of the processor without what the system takes to hand out fresh memory: where that is
 * dear, as on some virtual machines, large texts cost twice as much as small ones and more. The system tells the two
 * apart by its ticks, so it is the mean of many tries; none is made where they were too few.
 */
function ownShare(work: (text: string) => unknown, text: string, enough: number): number {
  const before = process.cpuUsage();
  const most = Math.max(TICKS_MS, TRIES * enough);
  let tries = 0;
  do work(text);
  while (++tries < TRIES * TRIES && cpuMsSince(before) < most);
  return cpuMsSince(before) < TICKS_MS ? Infinity : process.cpuUsage(before).user / 1000 / tries;
}

let cost: number | undefined;

/** Milliseconds of reading the longest text with a plain pattern, character by character. */
function readingCost(): number {
  const text = 'Some words, 12 of them. '.repeat(LONGEST / 24);
  if (cost === undefined) {
    cost = Infinity;
    for (let run = 0; run < 20; run++)
      cost = Math.min(
        cost,
        best((given) => given.replace(/[A-Z]\d/g, ''), text, 0),
      );
  }
  return cost;
}
