import type { Context } from '../context.ts';
import { findAnswer } from '../db/digests/captures.ts';
import { AppError, type Said } from '../lib/errors.ts';
import { present } from '../lib/present.ts';
import { shownAddress } from '../lib/redact.ts';
import { addDays, daysBetween } from '../lib/time.ts';
import type { SourceSetting } from '../source-settings.ts';
import { fetchUrl, receivedOf, type ReceivedBytes } from './fetch.ts';
import { unread } from './receive.ts';
import { pastRequest } from './sources/past-requests.ts';
import { DAYS_BACK, listedOn, MOST_PAGES, nextPage, totalOn } from './sources/requests.ts';
import { unusedText } from './store.ts';
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
  const pages: Page[] = [];
  const asked = () => pages.filter(({ isKept }) => !isKept);
  try {
    for await (const page of pagesOf(ctx, source.name, first, options)) pages.push(page);
  } catch (error) {
    options.signal?.throwIfAborted();
    return { ...counts, asked: asked().length, ...lost(unread(first, error)) };
  }
  counts.asked = asked().length;
  // What an earlier run took in is known; an empty page is kept once for all days, and adds nothing to it.
  if (asked().every(({ isEmpty }) => isEmpty) && pages.some(({ isKept }) => isKept)) return counts;
  const before = pages.map(({ received }) => received);
  const incoming = [{ source: source.name, received: present(before.pop(), 'a page'), before }];
  const taken = await takeIn(ctx, incoming, { on: day, again: true, past: true }).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (taken instanceof AppError) return { ...counts, ...lost(taken) };
  for (const file of taken) {
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

function lost({ message, said }: AppError): Pick<PastCounts, 'problems' | 'why'> {
  return { problems: [message], why: [said ?? inWords(message)] };
}

function problemOf({ outcome, problem, health }: IngestedFile): string | null {
  return outcome === 'kept' && health ? unusedText(health) : problem;
}

function whyOf({ outcome, said, health }: IngestedFile, problem: string): Said[] {
  if (outcome === 'kept') return [{ name: 'list.unused' }, ...(health?.why ?? [])];
  return [said ?? inWords(problem)];
}

function inWords(problem: string): Said {
  return { name: 'list.words', values: { problem } };
}

/** A page of the list of a day. */
interface Page {
  received: ReceivedBytes;
  /** Answered to an earlier run. */
  isKept: boolean;
  isEmpty: boolean;
}

/** Where the pages of a list lead: what they list so far, of how much, 0 where that is not told, and the next one. */
interface Reached {
  listed: number;
  total: number;
  next: string | null;
}

/**
 * Asks for the pages of a list; those that an earlier run was answered say where it goes on, unless they are empty:
 * arXiv's API gives an empty page now and then (https://github.com/lukasschwab/arxiv.py/issues/43). Throws AppError
 * unavailable where they are not all.
 */
async function* pagesOf(ctx: Context, source: string, first: string, options: PastOptions): AsyncGenerator<Page> {
  let reached: Reached = { listed: 0, total: 0, next: first };
  for (let page = 0; reached.next !== null && page < MOST_PAGES; page++) {
    const url: string = reached.next;
    const bytes = await findAnswer(ctx.db, source, shownAddress(url));
    const kept = bytes && { bytes, to: goOn(reached, url, bytes) };
    const isKept = kept !== null && listedOn(url, kept.bytes) !== 0 && !isCut(kept.to);
    const received: ReceivedBytes = isKept
      ? receivedOf(shownAddress(url), kept.bytes)
      : await fetchUrl(ctx, url, { longestPauseMs: PATIENCE_MS, ...options });
    yield { received, isKept, isEmpty: listedOn(url, received.bytes) === 0 };
    reached = goOn(reached, url, received.bytes);
  }
  if (reached.next !== null || isCut(reached)) throw notWhole(first, reached);
}

function goOn({ listed, total }: Reached, url: string, bytes: Uint8Array): Reached {
  const here = listedOn(url, bytes);
  const [sum, all] = [listed + (here ?? 0), Math.max(total, totalOn(url, bytes) ?? 0)];
  return { listed: sum, total: all, next: all > 0 && sum >= all ? null : nextPage(url, here) };
}

function isCut({ listed, total, next }: Reached): boolean {
  return next === null && listed < total;
}

function notWhole(first: string, { listed, total }: Reached): AppError {
  const of = total > listed ? total : `more than ${listed}`;
  const said = { name: 'list.notWhole', values: { n: listed, total: Math.max(total, listed + 1) } };
  return new AppError('unavailable', `${first}: ${listed} of ${of} papers came; expected all of them`, { said });
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
