import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { forgetIdleInterests, loadInterestsInUse, markInterestsMatched, type InterestInUse } from '../db/interests.ts';
import {
  insertMatches,
  loadWindowPapers,
  markPapersMatched,
  newestListDay,
  type NewMatch,
  type WindowPaper,
} from '../db/matches.ts';
import { listTopics } from '../db/topics.ts';
import { addDays } from '../lib/time.ts';
import { MIN_MATCH_SCORE } from '../model/match.ts';
import { loadKnowledge } from './knowledge.ts';
import { createMatcher, MATCHER_VERSION, type Matcher } from './matcher.ts';
import { openNearness, type NearnessOf } from './run-embed.ts';

/** What a match run did. */
export interface MatchCounts {
  /** Papers that had not been compared before. */
  papers: number;
  /** Interests that had not been compared before. */
  interests: number;
  /** Matches stored. */
  matches: number;
}

/** Interests compared and stored in one transaction. */
const CHUNK = 500;

/** Days added to the content window: slots that are a little late, and zones ahead of or behind UTC. */
const MARGIN_DAYS = 4;

/**
 * Compares new papers with every interest in use, and new interests with every paper of the content window, each pair once;
 * stores what scores MIN_MATCH_SCORE or more. Safe to run twice; after a crash the next run does what is left.
 */
export async function runMatch(ctx: Context): Promise<MatchCounts> {
  const papers = await loadWindowPapers(ctx.db, await windowStart(ctx));
  const counts: MatchCounts = { papers: 0, interests: 0, matches: 0 };
  if (papers.length === 0) return counts;
  await forgetIdleInterests(ctx.db);
  const fresh = papers.filter((paper) => paper.matcherVersion !== MATCHER_VERSION);
  const matcher = createMatcher(papers, { knowledge: loadKnowledge(), topics: await listTopics(ctx.db) });
  const work = { ctx, matcher, fresh: new Set(fresh.map(({ id }) => id)), nearnessOf: openNearness(ctx, papers) };
  for (let after = 0; ;) {
    const chunk = await loadInterestsInUse(ctx.db, after, CHUNK);
    const last = chunk.at(-1);
    if (!last) break;
    after = last.id;
    const done = await matchChunk(work, chunk);
    counts.interests += done.interests;
    counts.matches += done.matches;
  }
  await markPapersMatched(ctx.db, [...work.fresh], MATCHER_VERSION);
  counts.papers = fresh.length;
  return counts;
}

/** The first list day looked at: the content window of now, or of the newest digest where that is older (the welcome newsletter draws on it). */
async function windowStart(ctx: Context): Promise<string> {
  const today = ctx.now().toISOString().slice(0, 10);
  const newest = (await newestListDay(ctx.db)) ?? today;
  return addDays(newest < today ? newest : today, -(ctx.config.CONTENT_DAYS + MARGIN_DAYS));
}

interface Work {
  ctx: Context;
  matcher: Matcher;
  /** Ids of the papers that have not been compared before. */
  fresh: ReadonlySet<number>;
  nearnessOf: NearnessOf;
}

async function matchChunk(
  { ctx, matcher, fresh, nearnessOf }: Work,
  chunk: InterestInUse[],
): Promise<{ interests: number; matches: number }> {
  const unmatched = chunk.filter((interest) => interest.matcherVersion !== MATCHER_VERSION);
  const due = fresh.size > 0 ? chunk : unmatched;
  const nearness = await nearnessOf(due);
  const found: NewMatch[] = [];
  for (const interest of due) {
    const isNew = interest.matcherVersion !== MATCHER_VERSION;
    const only = isNew ? {} : { only: (paper: { id: number | string }) => fresh.has(paper.id as WindowPaper['id']) };
    const options = { minScore: MIN_MATCH_SCORE, embedded: nearness.get(interest.id), ...only };
    const matches = matcher.match({ ...interest, text: interest.key }, options);
    for (const { paper, score, reasons } of matches) {
      found.push({ interestId: interest.id, paperId: paper.id as WindowPaper['id'], score, reasons });
    }
  }
  return transaction(ctx.db, async (tx) => {
    const matches = found.length > 0 ? await insertMatches(tx, found, MATCHER_VERSION) : 0;
    if (unmatched.length > 0) {
      await markInterestsMatched(
        tx,
        unmatched.map(({ id }) => id),
        MATCHER_VERSION,
      );
    }
    return { interests: unmatched.length, matches };
  });
}
