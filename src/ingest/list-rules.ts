import type { Said } from '../lib/errors.ts';
import { daysBetween, weekdayOf } from '../lib/time.ts';
import type { HealthKind, HealthVerdict, ParsedDigest, ParsedEntry } from '../model/digest.ts';
import { titleKey } from '../model/paper.ts';
import type { Habits, KnownDigest } from './source-habits.ts';
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

/** What is looked at of a digest. */
export interface JudgedDigest extends Pick<ParsedDigest, 'digestOn' | 'listing'> {
  entries: readonly Pick<ParsedEntry, 'title' | 'abstract' | 'publishedOn'>[];
}

/** One thing that is wrong with a digest. */
export interface Fault {
  verdict: HealthVerdict;
  kind: HealthKind;
  /** In English. */
  reason: string;
  /** The same for pages, by name and values. */
  said: Said;
}

/** What the rules of lists look at. */
export interface Case {
  digest: JudgedDigest;
  others: readonly KnownDigest[];
  habits: Habits | null;
  circumstances: Circumstances | null;
}

/**
 * The rules of lists whose day has come and that hold something; the first that bites gives the verdict. That a list is
 * an earlier one comes before that it is short: what was used while its day filled may end short.
 */
export const LIST_RULES = [untitled, doubled, flooded, repeated, old, short, behind];

/** Names one thing that is wrong with a digest. */
export function fault(verdict: HealthVerdict, kind: HealthKind, reason: string, said: Said): Fault {
  return { verdict, kind, reason, said };
}

/** Looks whether the day has come, which streams must tell rightly too. */
export function notCome({ digest: { digestOn }, circumstances }: Case): Fault[] {
  const latestOn = circumstances ? latestListDay(circumstances.now) : digestOn;
  if (digestOn <= latestOn) return [];
  const reason = `its day, ${digestOn}, has not come: no later one than ${latestOn} can be listed`;
  return [fault('broken', 'future', reason, { name: 'list.future', values: { day: digestOn, latest: latestOn } })];
}

/** Looks for entries without title, or in lists without abstract. */
export function untitled({ digest: { entries, listing } }: Case): Fault[] {
  const isStream = listing === 'stream';
  const bare = entries.filter((entry) => entry.title === '' || (!isStream && entry.abstract === '')).length;
  if (bare <= entries.length * UNTITLED_SHARE) return [];
  const lacks = isStream ? 'a title' : 'a title or an abstract';
  const reason = `${bare} of ${entries.length} entries lack ${lacks}`;
  const values = { bare, n: entries.length, lacks: isStream ? 'title' : 'either' };
  return [fault('partial', 'untitled', reason, { name: 'list.untitled', values })];
}

function doubled({ digest }: Case): Fault[] {
  const keys = keysOf(digest);
  const distinct = new Set(keys).size;
  if (distinct >= keys.length * DISTINCT_SHARE) return [];
  const reason = `${keys.length} entries are ${distinct} papers only`;
  return [fault('partial', 'doubled', reason, { name: 'list.doubled', values: { n: keys.length, distinct } })];
}

function flooded({ digest: { entries }, habits }: Case): Fault[] {
  if (!habits) return [];
  const usual = Math.min(habits.overall, habits.median ?? habits.overall);
  const most = Math.max(usual * FLOODED, habits.largest * (habits.isYoung ? BEYOND_ALL : 1), (habits.median ?? 0) * 2);
  if (usual === 0 || entries.length <= most) return [];
  const n = entries.length;
  const reason = `${n} entries, over five times the ${usual} usual`;
  return [fault('broken', 'flooded', reason, { name: 'list.flooded', values: { n, usual } })];
}

function short({ digest: { digestOn, entries }, habits }: Case): Fault[] {
  if (!habits?.median || habits.isYoung) return [];
  const share = Math.min(SHORT_SHARE, Math.exp(-NO_CHANCE * habits.spread));
  if (entries.length >= habits.least * share) return [];
  const [n, usual, weekday] = [entries.length, habits.median, weekdayOf(digestOn)];
  const reason = `${n} entries, under a third of the ${usual} usual on a ${nameOf(weekday)}`;
  return [fault('partial', 'short', reason, { name: 'list.short', values: { n, usual, weekday } })];
}

/** Looks for an earlier list again. */
export function repeated({ digest, others }: Case): Fault[] {
  const keys = new Set(keysOf(digest));
  if (keys.size === 0) return [];
  for (const other of others.filter(({ digestOn }) => digestOn < digest.digestOn)) {
    const same = new Set(other.titleKeys.filter((key) => keys.has(key))).size;
    if (same / keys.size < REPEATED_SHARE) continue;
    const reason = `${same} of ${keys.size} papers are the list of ${other.digestOn} again`;
    const values = { same, n: keys.size, day: other.digestOn };
    return [fault('stale', 'repeated', reason, { name: 'list.repeated', values })];
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
  return [fault('stale', 'old', reason, { name: 'list.old', values: { count, n: entries.length, days: OLDER_DAYS } })];
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
  const reason = `its day lies before the newest list, of ${newest}`;
  return [fault('stale', 'behind', reason, { name: 'list.behind', values: { newest } })];
}

/** Names the papers of a digest by their titles. */
export function keysOf({ entries }: JudgedDigest): string[] {
  return entries.map((entry) => titleKey(entry.title)).filter((key) => key !== '');
}

/** Names a weekday in English, 1 for Monday. */
export function nameOf(weekday: number): string {
  return ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday - 1] ?? '';
}
