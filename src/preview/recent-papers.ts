import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { newestDigestOn, newestListDay } from '../db/digests/digests.ts';
import { listCandidateEntries } from '../db/digests/entries.ts';
import { shownVersion } from '../db/digests/shown-version.ts';
import { loadWindowPapers } from '../db/interests/matches.ts';
import { listTopics } from '../db/interests/topics.ts';
import { keepWhileUsed } from '../lib/keep-while-used.ts';
import { singleFlight } from '../lib/single-flight.ts';
import { addDays } from '../lib/time.ts';
import { showsAuthors } from '../match/named.ts';
import { windowStartOf } from '../match/window.ts';
import type { CandidateEntry } from '../model/digest.ts';
import { paperTextOf, type PaperText } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { createFinder, type Find } from './finder.ts';

/** The papers previews are made from, read into the matcher once. */
export interface RecentPapers {
  /** Of everything shown when they were read (`shownVersion`). */
  version: string;
  newestOn: string;
  /** First list day that a newsletter of `newestOn` may draw on. */
  contentFrom: string;
  entries: CandidateEntry[];
  byPaper: ReadonlyMap<number, CandidateEntry>;
  find: Find;
  topics: Topic[];
  /** Sources whose newest list names no author, only how many there are: an author interest sees nothing there. */
  sourcesWithoutNames: string[];
}

/** Days of lists the estimate looks back over. */
export const ESTIMATE_DAYS = 30;

/** The matcher over one set of papers; the numbers beside them may change without it. */
interface Reading {
  key: string;
  find: Find;
}

/** What was read, and of which state of the database. */
interface Held {
  version: string;
  papers: RecentPapers | null;
  reading: Reading | undefined;
}

/** A service that nobody visits need not hold them: the page with the form has them read while somebody types. */
const QUIET_MS = 10 * 60_000;

const readers = new WeakMap<Context, () => Promise<RecentPapers | null>>();

/**
 * Returns the function that gives the papers of the last 30 days as the database holds them now, one for each context;
 * null before the first digest. They are read again only when `shownVersion` changed, and the matcher is built anew
 * only when other papers or topics are among them, or when nobody asked for them in ten minutes.
 */
export function openRecentPapers(ctx: Context): () => Promise<RecentPapers | null> {
  const known = readers.get(ctx) ?? readWhenChanged(ctx);
  readers.set(ctx, known);
  return known;
}

function readWhenChanged(ctx: Context): () => Promise<RecentPapers | null> {
  const kept = keepWhileUsed<Held>(QUIET_MS);
  return singleFlight(async () => {
    const version = await shownVersion(ctx.db);
    const held = kept.get('newest');
    if (held?.version === version) return held.papers;
    const newestOn = await newestDigestOn(ctx.db);
    const found = newestOn === null ? null : await readPapers(ctx, newestOn, { version, reading: held?.reading });
    const papers = found?.papers ?? null;
    kept.set('newest', { version, papers, reading: found?.reading ?? held?.reading });
    return papers;
  });
}

/**
 * Reads the papers of the 30 days (of the content window, where that is longer) to a list day, as if nothing had come
 * since.
 */
export async function readPapersTo(ctx: Context, newestOn: string): Promise<RecentPapers> {
  return (await readPapers(ctx, newestOn, { version: '', reading: undefined })).papers;
}

async function readPapers(
  ctx: Context,
  newestOn: string,
  { version, reading }: { version: string; reading: Reading | undefined },
): Promise<{ papers: RecentPapers; reading: Reading }> {
  const contentFrom = addDays(newestOn, -ctx.config.CONTENT_DAYS);
  const longest = addDays(newestOn, 1 - ESTIMATE_DAYS);
  const from = contentFrom < longest ? contentFrom : longest;
  const topics = await listTopics(ctx.db);
  const entries = await listCandidateEntries(ctx.db, { from, to: newestOn });
  const texts = await readTexts(ctx, from, newestOn);
  const key = createHash('sha256').update(JSON.stringify(texts)).digest('base64');
  const read = reading?.key === key ? reading : { key, find: await createFinder(texts, ctx.config.CONCEPTS_FILE) };
  const byPaper = new Map(entries.map((entry) => [entry.paperId, entry]));
  const unnamed = sourcesWithoutNames(entries);
  return {
    reading: read,
    papers: {
      ...{ version, newestOn, contentFrom, entries, byPaper, topics },
      ...{ find: read.find, sourcesWithoutNames: unnamed },
    },
  };
}

/**
 * Reads the texts that sending matches, in the sets it matches them in: those of its window at this hour, and what is
 * older.
 */
async function readTexts(ctx: Context, from: string, newestOn: string): Promise<PaperText[][]> {
  const today = ctx.now().toISOString().slice(0, 10);
  const newestList = await newestListDay(ctx.db);
  const asOf = newestList !== null && newestOn < newestList ? newestOn : newestList;
  const windowFrom = windowStartOf(today, asOf, ctx.config.CONTENT_DAYS);
  const window = await loadWindowPapers(ctx.db, windowFrom, newestOn);
  const recent = new Set(window.map(({ id }) => id));
  const older = from < windowFrom ? await loadWindowPapers(ctx.db, from, newestOn) : [];
  return [window, older.filter(({ id }) => !recent.has(id))].map((papers) =>
    papers.map((paper) => paperTextOf(paper.id, paper)),
  );
}

function sourcesWithoutNames(entries: readonly CandidateEntry[]): string[] {
  const newest = new Map<string, CandidateEntry[]>();
  for (const entry of entries) {
    const list = newest.get(entry.source);
    const day = list?.[0]?.digestOn ?? '';
    if (list && entry.digestOn === day) list.push(entry);
    else if (entry.digestOn > day) newest.set(entry.source, [entry]);
  }
  const texts = (source: string) => (newest.get(source) ?? []).map((entry) => paperTextOf(entry.id, entry));
  return [...newest.keys()].sort().filter((source) => !showsAuthors(texts(source)));
}
