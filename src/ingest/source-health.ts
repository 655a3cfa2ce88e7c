import { daysBetween, localDate, weekdayOf } from '../lib/time.ts';
import type { Health, HealthKind, HealthVerdict, Listing, ParsedDigest, ParsedEntry } from '../model/digest.ts';
import { titleKey } from '../model/paper.ts';
import { habitsOf, type Habits, type KnownDigest } from './source-habits.ts';
import { latestListDay } from './sources/list-day.ts';

/** When, where and how a digest is looked at. */
export interface Circumstances {
  now: Date;
  /** Time zone in which the source's day begins and ends. */
  zone: string;
}

/** Under this part of what is usual a digest looks cut, unless the source strays as far by itself. */
const SHORT_SHARE = 1 / 3;
/** So many times its own spread from what is usual is no chance: numbers of papers have long tails, and holidays. */
const NO_CHANCE = 3.5;
/** Over this many times what is usual a list is no list of one day. */
const FLOODED = 5;
/** Where few digests are known, it must be beyond all of them, so many times. */
const BEYOND_ALL = 3;
/** Over this part of entries without title or abstract a digest looks broken by the source. */
const UNTITLED_SHARE = 0.3;
/** Under this part of papers that are not listed twice, a list is its own repetition. */
const DISTINCT_SHARE = 2 / 3;
/** From this part of its papers on, a list is an earlier day's list again. */
const REPEATED_SHARE = 0.8;
/** So many days beyond the oldest that is usual a paper is old: after holidays all are a little older. */
const OLDER_DAYS = 30;
/** While its day goes on, fewer papers than this, or than half of what is usual, say nothing yet. */
const FEW = 5;
/** So many of an earlier list's papers are that list again, even then. */
const NO_ACCIDENT = 3;

/** The zone of a source's day: arXiv announces by New York's, all others are dated in UTC. */
export function zoneOf(listing: Listing | undefined): string {
  return listing === 'announced' ? 'America/New_York' : 'UTC';
}

/** What is looked at of a digest. */
export interface JudgedDigest extends Pick<ParsedDigest, 'digestOn' | 'listing'> {
  entries: readonly Pick<ParsedEntry, 'title' | 'abstract' | 'publishedOn'>[];
}

interface Fault {
  verdict: HealthVerdict;
  kind: HealthKind;
  reason: string;
}

/** What the rules of lists look at. */
interface Case {
  digest: JudgedDigest;
  others: readonly KnownDigest[];
  habits: Habits | null;
  circumstances: Circumstances | null;
}

/**
 * Judges a digest against the others known of its source (not itself). Pure, so that any day can be judged again. Of a
 * stream repetition and few papers are no fault. Without circumstances its day is over and has come.
 */
export function sourceHealth(
  digest: JudgedDigest,
  known: KnownDigest[],
  circumstances: Circumstances | null = null,
): Health {
  const { digestOn, entries, listing } = digest;
  const others = known.filter((other) => other.digestOn !== digestOn);
  const given = { digest, others, habits: habitsOf(others, digestOn), circumstances };
  const future = notCome(given);
  if (future.length > 0) return worst(future);
  if (listing === 'stream') return worst(untitled(given));
  if (entries.length === 0) return emptyHealth(given);
  if (isFilling(given)) {
    const reasons = [`${entries.length} entries so far; its day is not over`];
    return { verdict: 'fresh', kind: 'filling', reasons };
  }
  return worst(LIST_RULES.flatMap((rule) => rule(given)));
}

/** The rules of lists whose day has come and that hold something; the first that bites gives the verdict. */
const LIST_RULES = [untitled, doubled, flooded, short, repeated, old, behind];

/** The first fault counts, and all reasons of its verdict. */
function worst(faults: readonly Fault[]): Health {
  const [first] = faults;
  if (!first) return { verdict: 'fresh', reasons: [] };
  const { verdict, kind } = first;
  return { verdict, kind, reasons: faults.flatMap((fault) => (fault.verdict === verdict ? [fault.reason] : [])) };
}

function notCome({ digest: { digestOn }, circumstances }: Case): Fault[] {
  const latestOn = circumstances ? latestListDay(circumstances.now) : digestOn;
  if (digestOn <= latestOn) return [];
  const reason = `its day, ${digestOn}, has not come: no later one than ${latestOn} can be listed`;
  return [{ verdict: 'broken', kind: 'future', reason }];
}

/**
 * What is announced may be nothing on any day: holidays are no failures, and a source that stops is told of as silent.
 */
function emptyHealth({ digest: { digestOn, listing }, habits }: Case): Health {
  const weekday = weekdayOf(digestOn);
  const usual = habits?.isYoung ? null : (habits?.median ?? null);
  if (listing === 'announced') return { verdict: 'quiet', reasons: ['nothing was announced'] };
  if (usual === 0 || (usual === null && weekday >= 6))
    return { verdict: 'quiet', reasons: [`no papers on a ${nameOf(weekday)}, as usual`] };
  return { verdict: 'broken', kind: 'empty', reasons: ['no entry in the list'] };
}

function isFilling(given: Case): boolean {
  const { digestOn, entries } = given.digest;
  const { habits, circumstances } = given;
  if (!circumstances || localDate(circumstances.now, circumstances.zone) > digestOn) return false;
  const isAgain = keysOf(given.digest).length >= NO_ACCIDENT && repeated(given).length > 0;
  return !isAgain && entries.length < Math.max(FEW, (habits && !habits.isYoung ? habits.least : 0) / 2);
}

function untitled({ digest: { entries, listing } }: Case): Fault[] {
  const isStream = listing === 'stream';
  const bare = entries.filter((entry) => entry.title === '' || (!isStream && entry.abstract === '')).length;
  if (bare <= entries.length * UNTITLED_SHARE) return [];
  const lacks = isStream ? 'a title' : 'a title or an abstract';
  return [{ verdict: 'partial', kind: 'untitled', reason: `${bare} of ${entries.length} entries lack ${lacks}` }];
}

function doubled({ digest }: Case): Fault[] {
  const keys = keysOf(digest);
  const distinct = new Set(keys).size;
  if (distinct >= keys.length * DISTINCT_SHARE) return [];
  return [{ verdict: 'partial', kind: 'doubled', reason: `${keys.length} entries are ${distinct} papers only` }];
}

function flooded({ digest: { entries }, habits }: Case): Fault[] {
  if (!habits) return [];
  const usual = Math.min(habits.overall, habits.median ?? habits.overall);
  const most = Math.max(usual * FLOODED, habits.largest * (habits.isYoung ? BEYOND_ALL : 1), (habits.median ?? 0) * 2);
  if (usual === 0 || entries.length <= most) return [];
  return [
    { verdict: 'broken', kind: 'flooded', reason: `${entries.length} entries, over five times the ${usual} usual` },
  ];
}

function short({ digest: { digestOn, entries }, habits }: Case): Fault[] {
  if (!habits?.median || habits.isYoung) return [];
  const share = Math.min(SHORT_SHARE, Math.exp(-NO_CHANCE * habits.spread));
  if (entries.length >= habits.least * share) return [];
  const reason = `${entries.length} entries, under a third of the ${habits.median} usual on a ${nameOf(weekdayOf(digestOn))}`;
  return [{ verdict: 'partial', kind: 'short', reason }];
}

function repeated({ digest, others }: Case): Fault[] {
  const keys = new Set(keysOf(digest));
  if (keys.size === 0) return [];
  for (const other of others.filter(({ digestOn }) => digestOn < digest.digestOn)) {
    const same = new Set(other.titleKeys.filter((key) => keys.has(key))).size;
    if (same / keys.size < REPEATED_SHARE) continue;
    const reason = `${same} of ${keys.size} papers are the list of ${other.digestOn} again`;
    return [{ verdict: 'stale', kind: 'repeated', reason }];
  }
  return [];
}

function old({ digest: { digestOn, entries }, habits }: Case): Fault[] {
  const { oldest = null } = habits ?? {};
  if (oldest === null) return [];
  const isOld = (publishedOn: string | null) =>
    publishedOn !== null && daysBetween(publishedOn, digestOn) > oldest + OLDER_DAYS;
  const count = entries.filter(({ publishedOn }) => isOld(publishedOn)).length;
  if (count * 2 <= entries.length) return [];
  const reason = `${count} of ${entries.length} papers are older than any it used to list: by over ${OLDER_DAYS} days`;
  return [{ verdict: 'stale', kind: 'old', reason }];
}

/**
 * A list of a day that has not come, released all the same, is no newest one: it would hold every real day until its
 * own.
 */
function behind({ digest: { digestOn }, others, habits, circumstances }: Case): Fault[] {
  if (!habits || habits.isYoung) return [];
  const latestOn = circumstances ? latestListDay(circumstances.now) : '9999-12-31';
  const come = others.filter((other) => other.trusted && other.digestOn <= latestOn);
  const newest = come.reduce((latest, other) => (other.digestOn > latest ? other.digestOn : latest), '');
  if (digestOn >= newest) return [];
  return [{ verdict: 'stale', kind: 'behind', reason: `its day lies before the newest list, of ${newest}` }];
}

function keysOf({ entries }: JudgedDigest): string[] {
  return entries.map((entry) => titleKey(entry.title)).filter((key) => key !== '');
}

function nameOf(weekday: number): string {
  return ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday - 1] ?? '';
}
