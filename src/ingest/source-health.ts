import type { Said } from '../lib/errors.ts';
import { localDate, weekdayOf } from '../lib/time.ts';
import type { Health, Listing } from '../model/digest.ts';
import {
  fault,
  keysOf,
  LIST_RULES,
  nameOf,
  notCome,
  repeated,
  untitled,
  type Case,
  type Circumstances,
  type Fault,
  type JudgedDigest,
} from './list-rules.ts';
import { habitsOf, type KnownDigest } from './source-habits.ts';

/** While its day goes on, fewer papers than this, or than half of what is usual, say nothing yet. */
const FEW = 5;
/** So many of an earlier list's papers are that list again, even then. */
const NO_ACCIDENT = 3;

/** The zone of a source's day: arXiv announces by New York's, all others are dated in UTC. */
export function zoneOf(listing: Listing | undefined): string {
  return listing === 'announced' ? 'America/New_York' : 'UTC';
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
    const said = { name: 'list.filling', values: { n: entries.length } };
    return worst([fault('fresh', 'filling', `${entries.length} entries so far; its day is not over`, said)]);
  }
  return worst(LIST_RULES.flatMap((rule) => rule(given)));
}

/** The first fault counts, and all reasons of its verdict. */
function worst(faults: readonly Fault[]): Health {
  const [first] = faults;
  if (!first) return { verdict: 'fresh', reasons: [], why: [] };
  const { verdict, kind } = first;
  const same = faults.filter((fault) => fault.verdict === verdict);
  return { verdict, kind, reasons: same.map(({ reason }) => reason), why: same.map(({ said }) => said) };
}

function quiet(reason: string, said: Said): Health {
  return { verdict: 'quiet', reasons: [reason], why: [said] };
}

/**
 * What is announced may be nothing on any day: holidays are no failures, and a source that stops is told of as silent.
 */
function emptyHealth({ digest: { digestOn, listing }, habits }: Case): Health {
  const weekday = weekdayOf(digestOn);
  const usual = habits?.isYoung ? null : (habits?.median ?? null);
  if (listing === 'announced') return quiet('nothing was announced', { name: 'list.nothingAnnounced' });
  if (usual === 0 || (usual === null && weekday >= 6))
    return quiet(`no papers on a ${nameOf(weekday)}, as usual`, { name: 'list.quietDay', values: { weekday } });
  return worst([fault('broken', 'empty', 'no entry in the list', { name: 'list.empty' })]);
}

function isFilling(given: Case): boolean {
  const { digestOn, entries } = given.digest;
  const { habits, circumstances } = given;
  if (!circumstances || localDate(circumstances.now, circumstances.zone) > digestOn) return false;
  const isAgain = keysOf(given.digest).length >= NO_ACCIDENT && repeated(given).length > 0;
  return !isAgain && entries.length < Math.max(FEW, (habits && !habits.isYoung ? habits.least : 0) / 2);
}
