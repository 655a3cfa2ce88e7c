import { tellOperator } from '../operate/tell-operator.ts';
import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import {
  forgetIdleInterests,
  loadInterestsInUse,
  markInterestsMatched,
  type InterestInUse,
} from '../db/interests/interests.ts';
import {
  insertMatches,
  loadWindowPapers,
  markPapersMatched,
  type NewMatch,
  type WindowPaper,
} from '../db/interests/matches.ts';
import { loadHeldLikes, recogniseExamples } from '../db/interests/examples.ts';
import { newestListDay } from '../db/digests/digests.ts';
import { oneLine } from '../lib/errors.ts';
import { sparing } from '../lib/sparing.ts';
import { STORED_FROM } from '../model/match.ts';
import { knowledgeInForce, type KnowledgeInForce } from './knowledge.ts';
import { createMatcher, matcherVersion, type Matcher } from './matcher.ts';
import { windowStartOf } from './window.ts';
import { openNearness, type NearnessOf } from './embed.ts';

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

/**
 * Compares new papers with every interest in use, and new interests with every paper of the content window, each pair
 * once; stores what scores STORED_FROM or more, and what
 * may mute. Safe to run twice; after a crash the next run does what is left.
 */
export async function runMatch(ctx: Context): Promise<MatchCounts> {
  const papers = await loadWindowPapers(ctx.db, await windowStart(ctx));
  const counts: MatchCounts = { papers: 0, interests: 0, matches: 0 };
  if (papers.length === 0) return counts;
  await forgetIdleInterests(ctx.db);
  await recogniseExamples(ctx.db);
  const inForce = knowledgeInForce(ctx.config.CONCEPTS_FILE);
  const version = matcherVersion(inForce);
  const fresh = papers.filter((paper) => paper.matcherVersion !== version);
  const ids = new Set(fresh.map(({ id }) => id));
  const held = { ctx, version, fresh: ids, nearnessOf: openNearness(ctx, papers) };
  let matcher: Matcher | undefined;
  for (let after = 0; ;) {
    const chunk = await loadInterestsInUse(ctx.db, after, CHUNK);
    const last = chunk.at(-1);
    if (!last) break;
    after = last.id;
    if (dueOf(held, chunk).length === 0) continue; // most runs find nothing to compare, and need no matcher
    const work = { ...held, matcher: (matcher ??= await openMatcher(ctx, papers, inForce)) };
    const each = async (some: readonly InterestInUse[]) => {
      const done = await matchChunk(work, some);
      counts.interests += done.interests;
      counts.matches += done.matches;
    };
    for (const { one, error } of await sparing(chunk, each)) await setInterestAside(work, one, error);
  }
  await markPapersMatched(ctx.db, [...ids], version);
  counts.papers = fresh.length;
  return counts;
}

/** Opens a matcher over the papers; one that it cannot read is left out and told of, and counts as compared. */
async function openMatcher(ctx: Context, papers: WindowPaper[], inForce: KnowledgeInForce): Promise<Matcher> {
  const options = { knowledge: await inForce.read() };
  try {
    return createMatcher(papers, options);
  } catch (error) {
    const odd = papers.flatMap((paper) => {
      const problem = problemWith(() => createMatcher([paper], options));
      return problem === null ? [] : [{ paper, problem }];
    });
    if (odd.length === 0 || odd.length === papers.length) throw error; // no single one is to blame
    for (const { paper, problem } of odd) await tell(ctx, `paper:${paper.id}`, 'A paper cannot be matched', problem);
    const left = new Set(odd.map(({ paper }) => paper));
    return createMatcher(
      papers.filter((paper) => !left.has(paper)),
      options,
    );
  }
}

function problemWith(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}

/**
 * An interest that cannot be compared finds nothing; it counts as compared, so that its readers get what their other
 * ones find.
 */
async function setInterestAside(
  { ctx, version }: Pick<Work, 'ctx' | 'version'>,
  { id, kind, key }: InterestInUse,
  error: unknown,
): Promise<void> {
  await tell(ctx, `interest:${id}:${version}`, `An interest cannot be matched: ${kind} «${key.slice(0, 80)}»`, error);
  await markInterestsMatched(ctx.db, [id], version);
}

async function tell(ctx: Context, key: string, subject: string, error: unknown): Promise<void> {
  ctx.log.warn({ key, problem: oneLine(error) }, 'set aside');
  const lines = [oneLine(error), 'All others are matched; a later release or other words may mend it.'];
  await tellOperator(ctx, { key, subject, lines }, 'job:match');
}

async function windowStart(ctx: Context): Promise<string> {
  const today = ctx.now().toISOString().slice(0, 10);
  return windowStartOf(today, await newestListDay(ctx.db), ctx.config.CONTENT_DAYS);
}

interface Work {
  ctx: Context;
  version: number;
  matcher: Matcher;
  /** Ids of the papers that have not been compared before. */
  fresh: ReadonlySet<number>;
  nearnessOf: NearnessOf;
}

/** New papers are compared with every interest, and new interests with every paper. */
function dueOf({ version, fresh }: Pick<Work, 'version' | 'fresh'>, chunk: readonly InterestInUse[]): InterestInUse[] {
  return chunk.filter((interest) => fresh.size > 0 || interest.matcherVersion !== version);
}

async function matchChunk(
  { ctx, version, matcher, fresh, nearnessOf }: Work,
  chunk: readonly InterestInUse[],
): Promise<{ interests: number; matches: number }> {
  const unmatched = chunk.filter((interest) => interest.matcherVersion !== version);
  const due = dueOf({ version, fresh }, chunk);
  const nearness = await nearnessOf(due);
  const likes = await loadHeldLikes(
    ctx.db,
    due.filter(({ kind }) => kind === 'like').map(({ id }) => id),
  );
  const found: NewMatch[] = [];
  for (const interest of due) {
    const isNew = interest.matcherVersion !== version;
    const only = isNew ? {} : { only: (paper: { id: number | string }) => fresh.has(paper.id as WindowPaper['id']) };
    const options = { minScore: STORED_FROM, orLiteral: true, embedded: nearness.get(interest.id), ...only };
    const like = likes.get(interest.id);
    const matches = matcher.match({ ...interest, text: interest.key, ...(like && { like }) }, options);
    for (const { paper, score, literal, reasons } of matches) {
      found.push({ interestId: interest.id, paperId: paper.id as WindowPaper['id'], score, literal, reasons });
    }
  }
  return transaction(ctx.db, async (tx) => {
    const matches = found.length > 0 ? await insertMatches(tx, found, version) : 0;
    if (unmatched.length > 0) {
      await markInterestsMatched(
        tx,
        unmatched.map(({ id }) => id),
        version,
      );
    }
    return { interests: unmatched.length, matches };
  });
}
