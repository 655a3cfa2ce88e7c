import { weekdayOf } from '../lib/time.ts';
import type { Health, ParsedDigest } from '../model/digest.ts';
import { titleKey } from '../model/paper.ts';

/** What is remembered of another digest of the same source. */
export interface KnownDigest {
  /** List day, YYYY-MM-DD. */
  digestOn: string;
  /** Keys of its titles (`titleKey`). */
  titleKeys: string[];
  /** Accepted or released: fit to learn the source's habits from. */
  trusted: boolean;
}

/** With fewer digests known than this, a source has no habits yet and only the absolute rules hold. */
export const HABIT_DIGESTS = 10;
/** Under this part of its weekday's median count a digest looks cut. */
const PARTIAL_SHARE = 1 / 3;
/** Over this part of entries without title or abstract a digest looks broken by the source. */
const INCOMPLETE_SHARE = 0.3;
/** From this part of its papers on, a list is an earlier day's list again. */
const REPEATED_SHARE = 0.8;

/**
 * Judges what a stream brought: repetition and few papers are no fault of one, a day that has not come is, and entries
 * without titles are.
 */
export function streamHealth({ digestOn, entries }: ParsedDigest, latestOn = '9999-12-31'): Health {
  if (digestOn > latestOn) return { verdict: 'broken', reasons: [notCome(digestOn, latestOn)] };
  const untitled = entries.filter(({ title }) => title === '').length;
  if (untitled > entries.length * INCOMPLETE_SHARE)
    return { verdict: 'partial', reasons: [`${untitled} of ${entries.length} entries lack a title`] };
  return { verdict: 'fresh', reasons: [] };
}

function notCome(digestOn: string, latestOn: string): string {
  return `its day, ${digestOn}, has not come: no later one than ${latestOn} can be listed`;
}

/**
 * Judges a digest against the others known of its source (not itself), by the rules of «Health of a digest»: broken,
 * partial, stale, quiet, fresh. Missing bylines and old paper dates are no fault. A list of a day after `latestOn` is
 * broken.
 */
export function sourceHealth(digest: ParsedDigest, known: KnownDigest[], latestOn = '9999-12-31'): Health {
  if (digest.digestOn > latestOn) return { verdict: 'broken', reasons: [notCome(digest.digestOn, latestOn)] };
  const others = known.filter((other) => other.digestOn !== digest.digestOn);
  const trusted = others.filter((other) => other.trusted);
  const habits = trusted.length >= HABIT_DIGESTS ? trusted : [];
  if (digest.entries.length === 0) return emptyHealth(digest.digestOn, habits);
  const partial = [...incomplete(digest), ...tooFew(digest, habits)];
  if (partial.length > 0) return { verdict: 'partial', reasons: partial };
  const stale = [...repeated(digest, others), ...older(digest, habits, latestOn)];
  if (stale.length > 0) return { verdict: 'stale', reasons: stale };
  return { verdict: 'fresh', reasons: [] };
}

function emptyHealth(digestOn: string, habits: KnownDigest[]): Health {
  const weekday = weekdayOf(digestOn);
  const usual = medianCount(habits, weekday);
  if (usual === 0 || (usual === null && weekday >= 6)) {
    return { verdict: 'quiet', reasons: [`no papers on a ${nameOf(weekday)}, as usual`] };
  }
  return { verdict: 'broken', reasons: ['no entry in the list'] };
}

function incomplete({ entries }: ParsedDigest): string[] {
  const bare = entries.filter((entry) => entry.title === '' || entry.abstract === '').length;
  return bare / entries.length > INCOMPLETE_SHARE
    ? [`${bare} of ${entries.length} entries lack a title or an abstract`]
    : [];
}

function tooFew({ entries, digestOn }: ParsedDigest, habits: KnownDigest[]): string[] {
  const weekday = weekdayOf(digestOn);
  const usual = medianCount(habits, weekday);
  if (usual === null || entries.length >= usual * PARTIAL_SHARE) return [];
  return [`${entries.length} entries, under a third of the ${usual} usual on a ${nameOf(weekday)}`];
}

function repeated(digest: ParsedDigest, others: KnownDigest[]): string[] {
  const keys = new Set(digest.entries.map((entry) => titleKey(entry.title)).filter((key) => key !== ''));
  if (keys.size === 0) return [];
  for (const other of others.filter(({ digestOn }) => digestOn < digest.digestOn)) {
    const same = new Set(other.titleKeys.filter((key) => keys.has(key))).size;
    if (same / keys.size >= REPEATED_SHARE)
      return [`${same} of ${keys.size} papers are the list of ${other.digestOn} again`];
  }
  return [];
}

/**
 * A list of a day that has not come, released all the same, is no newest one: it would hold every real day until its
 * own.
 */
function older({ digestOn }: ParsedDigest, habits: KnownDigest[], latestOn: string): string[] {
  const come = habits.filter((other) => other.digestOn <= latestOn);
  const newest = come.reduce((latest, other) => (other.digestOn > latest ? other.digestOn : latest), '');
  return digestOn < newest ? [`its day lies before the newest list, of ${newest}`] : [];
}

function medianCount(habits: KnownDigest[], weekday: number): number | null {
  const counts = habits
    .filter(({ digestOn }) => weekdayOf(digestOn) === weekday)
    .map(({ titleKeys }) => titleKeys.length)
    .sort((a, b) => a - b);
  const [lower, upper] = [counts[Math.ceil(counts.length / 2) - 1], counts[Math.floor(counts.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}

function nameOf(weekday: number): string {
  return ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday - 1] ?? '';
}
