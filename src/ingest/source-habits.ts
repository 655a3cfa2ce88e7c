import { weekdayOf } from '../lib/time.ts';

/** What is remembered of another digest of the same source. */
export interface KnownDigest {
  /** List day, YYYY-MM-DD. */
  digestOn: string;
  /** Keys of its titles (`titleKey`). */
  titleKeys: string[];
  /** Found well, or released: fit to learn the source's habits from. */
  trusted: boolean;
  /** How old its papers were on its day by their own dates, in days; empty where they bear none. */
  ages?: readonly number[];
}

/** With fewer digests known than this, a source has no habits yet. */
export const HABIT_DIGESTS = 10;
/** From so many digests with so many papers on, what is far beyond all of them is no chance either. */
const YOUNG_DIGESTS = 3;
const YOUNG_PAPERS = 30;
/** With fewer lists of a weekday than this, the other days speak for it too. */
const WEEKDAY_DIGESTS = 3;
/** The list before a day, and so many of them together, tell of a lull: holidays come and go over days. */
const RECENT_DIGESTS = 5;
/** The share of papers, by age, that a source's oldest may be told by: one very old paper is no habit. */
const NEARLY_ALL = 0.99;

/** What is usual for a source on one of its days. */
export interface Habits {
  /** Too few digests are known to say more than what is far beyond all of them. */
  isYoung: boolean;
  /** The median number of papers on that weekday; null where it never had a list. */
  median: number | null;
  /** The median over all days with papers, and the most on one of them. */
  overall: number;
  largest: number;
  /** What is usual that day at least: in a lull, and by other days too where few of this weekday are known. */
  least: number;
  /** How far numbers stray from what is usual on their weekdays: root mean square of their natural logarithms. */
  spread: number;
  /** The age that all but one in a hundred of its papers stay under, in days; null where none bears a date. */
  oldest: number | null;
}

/** Learns what is usual for a source on a day from digests that look right; null where too few are known. */
export function habitsOf(known: readonly KnownDigest[], digestOn: string): Habits | null {
  const habits = known
    .filter((other) => other.trusted && other.digestOn !== digestOn)
    .map(({ digestOn: day, titleKeys, ages = [] }) => ({ day, weekday: weekdayOf(day), size: titleKeys.length, ages }))
    .sort((a, b) => (a.day < b.day ? 1 : -1));
  const sizes = habits.flatMap(({ size }) => (size > 0 ? [size] : []));
  const isYoung = habits.length < HABIT_DIGESTS;
  const papers = sizes.reduce((sum, size) => sum + size, 0);
  if (isYoung && (habits.length < YOUNG_DIGESTS || papers < YOUNG_PAPERS)) return null;
  const sizesOn = (day: number) => habits.flatMap(({ weekday, size }) => (weekday === day ? [size] : []));
  const medians = WEEKDAYS.map((day) => middle(sizesOn(day)));
  const ratios = habits.flatMap(({ day, weekday, size }) => {
    const usual = medians[weekday - 1] ?? 0;
    return usual > 0 && size > 0 ? [{ day, ratio: size / usual }] : [];
  });
  const median = medians[weekdayOf(digestOn) - 1] ?? null;
  const overall = middle(sizes) ?? 0;
  const recent = ratios.filter(({ day }) => day < digestOn).slice(0, RECENT_DIGESTS);
  const lull = Math.min(1, recent[0]?.ratio ?? 1, middle(recent.map(({ ratio }) => ratio)) ?? 1);
  const isRare = sizesOn(weekdayOf(digestOn)).length < WEEKDAY_DIGESTS;
  return {
    isYoung,
    median,
    overall,
    largest: Math.max(0, ...sizes),
    least: (isRare ? Math.min(median ?? 0, overall) : (median ?? 0)) * lull,
    spread: spreadOf(ratios.map(({ ratio }) => ratio)),
    oldest: oldestOf(habits.flatMap(({ ages }) => ages)),
  };
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

function spreadOf(ratios: readonly number[]): number {
  const squares = ratios.map((ratio) => Math.log(ratio) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length));
}

function oldestOf(ages: number[]): number | null {
  const sorted = ages.sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * NEARLY_ALL)] ?? null;
}

/** The median; null of nothing. */
function middle(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
