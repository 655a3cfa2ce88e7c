import type { Context } from '../context.ts';
import { newestListDay } from '../db/digests/digests.ts';
import { loadHeldLikes } from '../db/interests/examples.ts';
import { loadInterestsInUse, type InterestInUse } from '../db/interests/interests.ts';
import { loadMatchScores, loadWindowPapers } from '../db/interests/matches.ts';
import { LINES, STORED_FROM } from '../model/match.ts';
import type { PaperText } from '../model/paper.ts';
import { loadKnowledge } from './knowledge.ts';
import type { LikeExamples } from './examples/like-score.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { windowStartOf } from './window.ts';

/** How an interest would match a paper; 0 where it does not. */
export interface MatchChange {
  interest: string;
  paper: string;
  was: number;
  would: number;
  /** Whether it crosses the normal line of a newsletter. */
  crosses: boolean;
}

/** The text a paper would have: what is left out stays. */
export type NewText = Partial<Pick<PaperText, 'title' | 'abstract' | 'authors' | 'organization'>>;

const CHUNK = 500;
/** Scores are stored as 32-bit floats, to four decimals. */
const SAME = 0.0005;

/**
 * Compares papers of the content window, with the texts they would have, with every interest in use, and tells what
 * would differ from the matches stored. Stores nothing; embeddings are left out.
 */
export async function rematch(
  ctx: Pick<Context, 'db' | 'now' | 'config'>,
  texts: ReadonlyMap<number, NewText>,
): Promise<MatchChange[]> {
  const today = ctx.now().toISOString().slice(0, 10);
  const from = windowStartOf(today, await newestListDay(ctx.db), ctx.config.CONTENT_DAYS);
  const papers = (await loadWindowPapers(ctx.db, from)).map((paper) => ({ ...paper, ...texts.get(paper.id) }));
  const changed = new Map(papers.filter(({ id }) => texts.has(id)).map((paper) => [paper.id, paper]));
  if (changed.size === 0) return [];
  const stored = new Map(
    (await loadMatchScores(ctx.db, [...changed.keys()])).map((match) => [
      `${match.interestId} ${match.paperId}`,
      match.score,
    ]),
  );
  const matcher = createMatcher(papers, { knowledge: loadKnowledge(ctx.config.CONCEPTS_FILE) });
  const changes: MatchChange[] = [];
  for (let after = 0; ;) {
    const interests = await loadInterestsInUse(ctx.db, after, CHUNK);
    const last = interests.at(-1);
    if (!last) return changes;
    after = last.id;
    const likes = await loadHeldLikes(
      ctx.db,
      interests.filter(({ kind }) => kind === 'like').map(({ id }) => id),
    );
    for (const interest of interests) {
      const found = findChanged(matcher, interest, likes.get(interest.id), changed);
      for (const paper of changed.values()) {
        const [was, would] = [stored.get(`${interest.id} ${paper.id}`) ?? 0, found.get(paper.id) ?? 0];
        if (Math.abs(was - would) >= SAME)
          changes.push({ ...namesOf(interest, paper), was, would, crosses: crosses(was, would) });
      }
    }
  }
}

type ChangedPapers = ReadonlyMap<number, PaperText>;

function findChanged(
  matcher: Matcher,
  { id, kind, key }: InterestInUse,
  like: LikeExamples | undefined,
  changed: ChangedPapers,
): Map<number, number> {
  const only = (paper: PaperText) => changed.has(Number(paper.id));
  const found = matcher.match(
    { id, kind, text: key, ...(like && { like }) },
    { minScore: STORED_FROM, orLiteral: true, only },
  );
  return new Map(found.map(({ paper, score }) => [Number(paper.id), score]));
}

function namesOf({ id, kind, key }: InterestInUse, paper: PaperText): Pick<MatchChange, 'interest' | 'paper'> {
  return { interest: kind === 'like' ? `like ${id}` : key, paper: paper.title };
}

function crosses(was: number, would: number): boolean {
  return was >= LINES.normal !== would >= LINES.normal;
}
