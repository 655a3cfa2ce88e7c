import type { Context } from '../../context.ts';
import { newestDigestOn } from '../../db/digests/digests.ts';
import { listCandidateEntries } from '../../db/digests/entries.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { shownVersion } from '../../db/digests/shown-version.ts';
import { createLru } from '../../lib/lru.ts';
import { singleFlight } from '../../lib/single-flight.ts';
import { addDays } from '../../lib/time.ts';
import { loadKnowledge } from '../../match/knowledge.ts';
import { createMatcher, type PaperMatch } from '../../match/matcher.ts';
import { showsAuthors } from '../../match/named.ts';
import type { CandidateEntry } from '../../model/digest.ts';
import type { InterestKind } from '../../model/interest.ts';
import { MIN_MATCH_SCORE } from '../../model/match.ts';
import type { Topic } from '../../model/topic.ts';
import { paperTextOf } from '../paper-text.ts';

/** The papers previews are made from, read into the matcher once. */
export interface RecentPapers {
  /** Of everything shown when they were read (`shownVersion`). */
  version: string;
  newestOn: string;
  entries: CandidateEntry[];
  byId: ReadonlyMap<number, CandidateEntry>;
  /** What an interest finds, best first; remembered, since a reader who types changes one interest at a time. */
  find(interest: { kind: InterestKind; key: string }): PaperMatch[];
  topics: Topic[];
  /** Sources whose newest list names no author, only how many there are: an author interest sees nothing there. */
  sourcesWithoutNames: string[];
}

/** Days of lists the estimate looks back over. */
export const ESTIMATE_DAYS = 30;

/** Interests whose finds are remembered: some tens of people typing at once. */
const REMEMBERED = 300;

/** What the matcher found in the texts of one set of papers; the numbers beside them may change without it. */
interface Reading {
  key: string;
  find: RecentPapers['find'];
}

/**
 * Returns the function that gives the papers of the last 30 days as the database holds them now; null before the first digest. They are read
 * again only when `shownVersion` changed, and the matcher is built anew only when other papers are among them.
 */
export function openRecentPapers(ctx: Context): () => Promise<RecentPapers | null> {
  let kept: { version: string; papers: RecentPapers | null } | undefined;
  let reading: Reading | undefined;
  return singleFlight(async () => {
    const version = await shownVersion(ctx.db);
    if (kept?.version === version) return kept.papers;
    const newestOn = await newestDigestOn(ctx.db);
    const topics = await listTopics(ctx.db);
    const from = newestOn === null ? '' : addDays(newestOn, 1 - ESTIMATE_DAYS);
    const entries = newestOn === null ? [] : await listCandidateEntries(ctx.db, { from, to: newestOn });
    const key = JSON.stringify([topics.map(({ slug, profile }) => [slug, profile]), entries.map(({ id }) => id)]);
    if (reading?.key !== key) reading = { key, find: finder(entries, topics) };
    kept = { version, papers: newestOn === null ? null : papersOf(version, newestOn, entries, topics, reading) };
    return kept.papers;
  });
}

function papersOf(
  version: string,
  newestOn: string,
  entries: CandidateEntry[],
  topics: Topic[],
  { find }: Reading,
): RecentPapers {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return { version, newestOn, entries, byId, find, topics, sourcesWithoutNames: sourcesWithoutNames(entries) };
}

function finder(entries: CandidateEntry[], topics: Topic[]): RecentPapers['find'] {
  const matcher = createMatcher(entries.map(paperTextOf), { knowledge: loadKnowledge(), topics });
  const found = createLru<PaperMatch[]>(REMEMBERED);
  return ({ kind, key }) => {
    const id = `${kind} ${key}`;
    return found.get(id, () => matcher.match({ id, kind, text: key }, { minScore: MIN_MATCH_SCORE }));
  };
}

function sourcesWithoutNames(entries: readonly CandidateEntry[]): string[] {
  const newest = new Map<string, CandidateEntry[]>();
  for (const entry of entries) {
    const list = newest.get(entry.source);
    const day = list?.[0]?.digestOn ?? '';
    if (list && entry.digestOn === day) list.push(entry);
    else if (entry.digestOn > day) newest.set(entry.source, [entry]);
  }
  return [...newest.keys()].sort().filter((source) => !showsAuthors((newest.get(source) ?? []).map(paperTextOf)));
}
