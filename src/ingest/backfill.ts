import type { Context } from '../context.ts';
import { findAnswer } from '../db/digests/captures.ts';
import { AppError, type Said } from '../lib/errors.ts';
import { shownAddress } from '../lib/redact.ts';
import { addDays, daysBetween } from '../lib/time.ts';
import type { SourceSetting } from '../source-settings.ts';
import { fetchUrl, type ReceivedBytes } from './fetch.ts';
import { unread, type Incoming } from './receive.ts';
import { pastRequest } from './sources/past-requests.ts';
import { DAYS_BACK, listedOn, MOST_PAGES, nextPage } from './sources/requests.ts';
import { takeIn, type IngestedFile } from './take-in.ts';

/** What asking for past days brought. */
export interface PastCounts {
  /** Answers asked for; those of an earlier run are not asked for again. */
  asked: number;
  entries: number;
  newPapers: number;
  /** What could not be had, and why: to be asked for again. */
  problems: string[];
  /** The same for pages, by names and values; of what only its words are known, its words. */
  why: Said[];
}

/** What a backfill brought. */
export interface BackfillCounts extends Omit<PastCounts, 'why'> {
  source: string;
  days: number;
}

/** Who hears of waits, and ends them. */
export interface PastOptions {
  /** Hears of waits for a host that a person would notice. */
  onWait?: ((host: string, ms: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** How a backfill is made. */
export interface BackfillOptions extends PastOptions {
  progress?: ((done: number, total: number) => void) | undefined;
}

/** Whoever fetches years waits for a host that is busy, or whose turn a killed run still holds. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Takes in the lists of past days, both ends included, oldest first. Their papers are known: they can be found, and are
 * never news. Run again after it was ended, it goes on where it was. A day that fails stops no other. Throws AppError
 * bad-input where the source has no past to ask for, or the days are none that are over.
 */
export async function backfill(
  ctx: Context,
  source: SourceSetting,
  { from, to }: { from: string; to: string },
  { progress, ...options }: BackfillOptions = {},
): Promise<BackfillCounts> {
  requestOf(source);
  const days = pastDays(from, to, ctx.now());
  const counts: BackfillCounts = {
    ...{ source: source.name, days: days.length },
    ...{ asked: 0, entries: 0, newPapers: 0, problems: [] },
  };
  for (const [done, day] of days.entries()) {
    progress?.(done, days.length);
    const came = await backfillDay(ctx, source, day, options);
    for (const name of ['asked', 'entries', 'newPapers'] as const) counts[name] += came[name];
    counts.problems.push(...came.problems.map((problem) => `${day}: ${problem}`));
  }
  progress?.(days.length, days.length);
  return counts;
}

/** Takes in the list of one past day, whole or not at all. Throws AbortError, and bad-input as `backfill`. */
export async function backfillDay(
  ctx: Context,
  source: SourceSetting,
  day: string,
  options: PastOptions = {},
): Promise<PastCounts> {
  const counts: PastCounts = { asked: 0, entries: 0, newPapers: 0, problems: [], why: [] };
  const first = requestOf(source)(day);
  const incoming: Incoming[] = [];
  try {
    for await (const one of missingPages(ctx, source.name, first, options)) incoming.push(one);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { message, said } = unread(first, error);
    return { ...counts, asked: incoming.length, problems: [message], why: [said ?? inWords(message)] };
  }
  counts.asked = incoming.length;
  for (const file of await takeIn(ctx, incoming, { on: day, again: true, past: true })) {
    counts.entries += file.newEntries;
    counts.newPapers += file.newPapers;
    const problem = problemOf(file);
    if (problem === null) continue;
    counts.problems.push(problem);
    counts.why.push(...whyOf(file, problem));
  }
  return counts;
}

/** Returns the last day that is past: those that are asked for by themselves are not, what they bring is news. */
export function lastPastDay(now: Date): string {
  return addDays(now.toISOString().slice(0, 10), -DAYS_BACK - 1);
}

function problemOf({ outcome, problem, health }: IngestedFile): string | null {
  if (outcome === 'kept') return `it looks wrong and is not used (${health?.reasons.join('; ') ?? ''})`;
  return problem;
}

function whyOf({ outcome, said, health }: IngestedFile, problem: string): Said[] {
  if (outcome === 'kept') return [{ name: 'list.unused' }, ...(health?.why ?? [])];
  return [said ?? inWords(problem)];
}

function inWords(problem: string): Said {
  return { name: 'list.words', values: { problem } };
}

/** Asks for the pages of a list that no earlier run was answered; those it was say where it goes on. */
async function* missingPages(
  ctx: Context,
  source: string,
  first: string,
  options: PastOptions,
): AsyncGenerator<Incoming> {
  let url: string | null = first;
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const kept = await findAnswer(ctx.db, source, shownAddress(url));
    const received: ReceivedBytes | null = kept
      ? null
      : await fetchUrl(ctx, url, { longestPauseMs: PATIENCE_MS, ...options });
    if (received) yield { source, received };
    const bytes: Uint8Array | null = received?.bytes ?? kept;
    url = bytes && nextPage(url, listedOn(url, bytes));
  }
}

function requestOf({ name, location }: SourceSetting): (day: string) => string {
  const request = pastRequest(location);
  if (request) return request;
  const expected = 'expected hf, arxiv, biorxiv, medrxiv, or an address with {date}';
  throw new AppError('bad-input', `${name}: it tells its newest papers alone; ${expected}`);
}

function pastDays(from: string, to: string, now: Date): string[] {
  const last = lastPastDay(now);
  if (from > to || to > last) {
    throw new AppError('bad-input', `${from} to ${to}: expected days in their order, up to ${last}`);
  }
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => addDays(from, at));
}
