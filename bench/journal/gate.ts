import { isOver } from '../over.ts';

/** What sending with the journal and without it came to. */
export interface Round {
  /** Mails a second with it, to those without. */
  speed: number;
  /** CPU of a mail with it, to that without. */
  cpu: number;
  /** The share of the process's time that passes in it. */
  share: number;
}

/** It may cost so much. */
export const MOST = 0.03;
/** The ratio of the speeds is known well enough where its standard error is less. */
export const KNOWN = 0.006;

/** Tells whether the journal costs more than it may; a share that was not found is no proof that it is small. */
export function fallsShort(rounds: readonly Round[]): boolean {
  const [share, speed] = [summary(rounds.map((one) => one.share)), summary(rounds.map((one) => one.speed))];
  if (rounds.length === 0 || rounds.some((one) => !(one.share > 0))) return true;
  return isOver(share.median, MOST) || (speed.error < KNOWN && 1 - speed.median > MOST);
}

/** Of figures that scatter evenly: their median, and its standard error by the middle half of them. */
export function summary(figures: readonly number[]): { median: number; error: number } {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { median: at(0.5), error: (1.25 * (at(0.75) - at(0.25))) / 1.35 / Math.sqrt(sorted.length) };
}
