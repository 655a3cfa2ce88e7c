import type { Context } from '../context.ts';
import { findAnswer } from '../db/digests/captures.ts';
import { AppError } from '../lib/errors.ts';
import { shownAddress } from '../lib/redact.ts';
import { addDays, daysBetween } from '../lib/time.ts';
import type { SourceSetting } from '../source-settings.ts';
import { fetchUrl, type ReceivedBytes } from './fetch.ts';
import { unread, type Incoming } from './receive.ts';
import { pastRequest } from './sources/past-requests.ts';
import { DAYS_BACK, listedOn, MOST_PAGES, nextPage } from './sources/requests.ts';
import { takeIn, type IngestedFile } from './take-in.ts';

/** What a backfill brought. */
export interface BackfillCounts {
  source: string;
  days: number;
  /** Answers asked for; those of an earlier run are not asked for again. */
  asked: number;
  entries: number;
  newPapers: number;
  /** Days that could not be had, and why: to be run again. */
  problems: string[];
}

/** How a backfill is made. */
export interface BackfillOptions {
  progress?: ((done: number, total: number) => void) | undefined;
  /** Hears of waits for a host that a person would notice. */
  onWait?: ((host: string, ms: number) => void) | undefined;
}

/** What asking pages needs. */
interface Asking {
  ctx: Context;
  source: string;
  counts: BackfillCounts;
  onWait: BackfillOptions['onWait'];
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
  { progress, onWait }: BackfillOptions = {},
): Promise<BackfillCounts> {
  const request = pastRequest(source.location);
  if (!request) {
    const expected = 'expected hf, arxiv, biorxiv, medrxiv, or an address with {date}';
    throw new AppError('bad-input', `${source.name}: it tells its newest papers alone; ${expected}`);
  }
  const days = pastDays(from, to, ctx.now());
  const counts = { source: source.name, days: days.length, asked: 0, entries: 0, newPapers: 0, problems: [] };
  const asking: Asking = { ctx, source: source.name, counts, onWait };
  for (const [done, day] of days.entries()) {
    progress?.(done, days.length);
    await takeInDay(asking, day, request(day));
  }
  progress?.(days.length, days.length);
  return counts;
}

async function takeInDay(asking: Asking, day: string, first: string): Promise<void> {
  const { ctx, counts } = asking;
  const incoming: Incoming[] = [];
  try {
    for await (const one of missingPages(asking, first)) incoming.push(one);
  } catch (error) {
    counts.problems.push(`${day}: ${unread(first, error).message}`);
    return; // a day is taken in whole
  }
  for (const file of await takeIn(ctx, incoming, { on: day, again: true, past: true })) {
    counts.entries += file.newEntries;
    counts.newPapers += file.newPapers;
    const problem = problemOf(file);
    if (problem !== null) counts.problems.push(`${day}: ${problem}`);
  }
}

function problemOf({ outcome, problem, health }: IngestedFile): string | null {
  if (outcome === 'kept') return `it looks wrong and is not used (${health?.reasons.join('; ') ?? ''})`;
  return problem;
}

/** Asks for the pages of a list that no earlier run was answered; those it was say where it goes on. */
async function* missingPages({ ctx, source, counts, onWait }: Asking, first: string): AsyncGenerator<Incoming> {
  let url: string | null = first;
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const kept = await findAnswer(ctx.db, source, shownAddress(url));
    const received: ReceivedBytes | null = kept
      ? null
      : await fetchUrl(ctx, url, { longestPauseMs: PATIENCE_MS, onWait });
    if (received) {
      counts.asked++;
      yield { source, received };
    }
    const bytes: Uint8Array | null = received?.bytes ?? kept;
    url = bytes && nextPage(url, listedOn(url, bytes));
  }
}

/** Days that are asked for by themselves are not yet past: what they bring is news. */
function pastDays(from: string, to: string, now: Date): string[] {
  const last = addDays(now.toISOString().slice(0, 10), -DAYS_BACK - 1);
  if (from > to || to > last) {
    throw new AppError('bad-input', `${from} to ${to}: expected days in their order, up to ${last}`);
  }
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => addDays(from, at));
}
