import type { Context } from '../../context.ts';
import { newestDigestOn } from '../../db/digests.ts';
import { listCandidateEntries } from '../../db/entries.ts';
import { listTopics } from '../../db/topics.ts';
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

/** How long the papers are taken as they are before the database is asked again. */
const FRESH_MS = 30_000;

/** Interests whose finds are remembered: some tens of people typing at once. */
const REMEMBERED = 300;

/** Returns the function that gives the papers of the last 30 days; null before the first digest. The matcher is built anew only when they changed. */
export function openRecentPapers(ctx: Context): () => Promise<RecentPapers | null> {
  let kept: { at: number; key: string; papers: RecentPapers | null } | undefined;
  let running: Promise<RecentPapers | null> | undefined;
  const load = async (): Promise<RecentPapers | null> => {
    const newestOn = await newestDigestOn(ctx.db);
    const topics = await listTopics(ctx.db);
    const from = newestOn === null ? '' : addDays(newestOn, 1 - ESTIMATE_DAYS);
    const entries = newestOn === null ? [] : await listCandidateEntries(ctx.db, { from, to: newestOn });
    const key = `${topics.length} ${entries.map(({ id }) => id).join(' ')}`;
    if (kept?.key !== key) kept = { at: 0, key, papers: newestOn === null ? null : read(newestOn, entries, topics) };
    kept.at = ctx.now().getTime();
    return kept.papers;
  };
  return async () => {
    if (kept && Math.abs(ctx.now().getTime() - kept.at) < FRESH_MS) return kept.papers;
    running ??= load().finally(() => (running = undefined));
    return running;
  };
}

function read(newestOn: string, entries: CandidateEntry[], topics: Topic[]): RecentPapers {
  const matcher = createMatcher(entries.map(paperTextOf), { knowledge: loadKnowledge(), topics });
  const found = new Map<string, PaperMatch[]>();
  return {
    newestOn,
    entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    topics,
    sourcesWithoutNames: sourcesWithoutNames(entries),
    find: ({ kind, key }) => {
      const name = `${kind} ${key}`;
      const known = found.get(name);
      if (known) return known;
      if (found.size >= REMEMBERED) found.clear();
      const made = matcher.match({ id: name, kind, text: key }, { minScore: MIN_MATCH_SCORE });
      found.set(name, made);
      return made;
    },
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
