import { daysBetween } from '../lib/time.ts';
import type { Cadence } from '../model/subscriber.ts';
import { ESTIMATE_DAYS, type RecentPapers } from './recent-papers.ts';

/** How many papers a reader may expect in a newsletter, from the lists of the last 30 days. */
export interface Volume {
  /** Quartiles of the papers that fit, over newsletters. */
  low: number;
  high: number;
  /** Papers that fit in all the days looked at. */
  total: number;
  /** Days the lists span. */
  days: number;
  /** none: nothing fits · rare: less than one a newsletter · broad: more than fit into most newsletters. */
  verdict: 'none' | 'rare' | 'fine' | 'broad';
}

/**
 * Estimates how much a reader would get. Pure: counts the papers that fit on each list day (each week, for weekly
 * readers).
 */
export function estimateVolume(
  papers: RecentPapers,
  fitting: ReadonlySet<number>,
  cadence: Cadence,
  maxPapers: number,
): Volume {
  const oldest = papers.entries.reduce((first, { digestOn }) => (digestOn < first ? digestOn : first), papers.newestOn);
  const days = Math.min(ESTIMATE_DAYS, daysBetween(oldest, papers.newestOn) + 1);
  const slotOf = (digestOn: string) =>
    cadence === 'weekly' ? String(Math.floor(daysBetween(digestOn, papers.newestOn) / 7)) : digestOn;
  const counts = new Map<string, number>();
  for (const { digestOn, paperId } of papers.entries) {
    const slot = slotOf(digestOn);
    counts.set(slot, (counts.get(slot) ?? 0) + (fitting.has(paperId) ? 1 : 0));
  }
  const sorted = [...counts.values()].sort((a, b) => a - b);
  const total = sorted.reduce((sum, count) => sum + count, 0);
  const crowded = sorted.filter((count) => count > maxPapers).length;
  const verdict =
    total === 0 ? 'none' : crowded * 2 > sorted.length ? 'broad' : total < sorted.length ? 'rare' : 'fine';
  return { low: Math.max(1, quantile(sorted, 0.25)), high: Math.max(1, quantile(sorted, 0.75)), total, days, verdict };
}

function quantile(sorted: number[], share: number): number {
  return Math.round(sorted[Math.round((sorted.length - 1) * share)] ?? 0);
}
