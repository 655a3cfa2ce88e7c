import { LINES } from '../model/match.ts';

/**
 * Stretches a score so that `threshold`, at which it is as likely right as wrong, becomes the normal line; linear on
 * both sides.
 */
export function toProbability(raw: number, threshold: number): number {
  const line = LINES.normal;
  return raw < threshold ? (raw * line) / threshold : line + ((raw - threshold) * (1 - line)) / (1 - threshold);
}
