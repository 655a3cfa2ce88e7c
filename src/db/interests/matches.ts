import { createLru, type Lru } from '../../lib/lru.ts';
import type { InterestKind } from '../../model/interest.ts';
import type { Reason, StoredMatch } from '../../model/match.ts';
import { likeNameOf, type LikeName } from '../../model/newsletter.ts';
import { organizationOf, paperTextOf, type PaperText } from '../../model/paper.ts';
import type { Tx } from '../client.ts';
import { bool, float8, int4, orNull, text, texts } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { loadHeldLikes } from './examples.ts';
import { isUsable } from '../digests/usable.ts';

/** A match as planning reads it. */
export interface MatchScore {
  id: number;
  interestId: number;
  paperId: number;
  score: number;
  /** Whether the matcher found what was asked for as it stands: only this may mute. */
  literal: boolean;
}

const matchScores = query(
  'scores of papers',
  { id: int4, interestId: int4, paperId: int4, score: float8, literal: bool },
  (given: { paperIds: readonly number[] }) => sql`
    SELECT m.id, m.interest_id AS "interestId", m.paper_id AS "paperId", m.score::float8 AS score, m.literal
    FROM matches m
    JOIN interests i ON i.id = m.interest_id AND i.matcher_version = m.matcher_version
    WHERE m.paper_id = ANY(${given.paperIds}::int[])
    ORDER BY m.interest_id, m.paper_id`,
);

/** Returns the matches of papers by the matcher's version that their interest was last compared by; without reasons. */
export function loadMatchScores(db: Tx, paperIds: readonly number[]): Promise<MatchScore[]> {
  return matchScores(db, { paperIds: [...paperIds] });
}

/** A match with its reasons and what was asked for. */
export type MatchWithInterest = StoredMatch & { interestKind: InterestKind; interestText: string; like?: LikeName };

/** Matches kept for each open database: a match never changes, and the readers of one edition share them. */
const KEPT = 20_000;
const kept = new WeakMap<object, Lru<MatchWithInterest, number>>();

/** Returns matches by id, for composing. Ids that are gone are left out. */
export async function loadMatches(db: Tx, matchIds: readonly number[]): Promise<Map<number, MatchWithInterest>> {
  const cache = kept.get(db) ?? createLru<MatchWithInterest, number>(KEPT);
  kept.set(db, cache);
  const ids = [...new Set(matchIds)];
  const found = new Map(
    ids.flatMap((id) => {
      const match = cache.find(id);
      return match ? [[id, match] as const] : [];
    }),
  );
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  const rows = await db.match.findMany({
    where: { id: { in: missing } },
    include: { interest: { select: { kind: true, key: true } } },
  });
  const likes = await loadHeldLikes(db, [
    ...new Set(rows.flatMap(({ interest, interestId }) => (interest.kind === 'like' ? [interestId] : []))),
  ]);
  for (const { id, interestId, paperId, score, reasons, interest } of rows) {
    const like = likes.get(interestId);
    const match: MatchWithInterest = {
      id,
      interestId,
      paperId,
      score,
      reasons: reasons as unknown as Reason[],
      interestKind: interest.kind,
      interestText: interest.key,
      ...(like && { like: likeNameOf(like.examples) }),
    };
    found.set(
      id,
      cache.get(id, () => match),
    );
  }
  return found;
}

/** A paper of the content window as the match job reads it. */
export interface WindowPaper extends PaperText {
  id: number;
  matcherVersion: number | null;
}

const windowPapers = query(
  'papers of the window',
  {
    id: int4,
    title: text,
    abstract: text,
    matcherVersion: orNull(int4),
    authors: texts,
    slug: orNull(text),
    name: orNull(text),
    modelKeywords: texts,
  },
  (given: { from: string; to: string | null }) => sql`
    SELECT p.id, p.title, p.abstract, p.matcher_version AS "matcherVersion", p.authors, p.organization_slug AS slug, p.organization_name AS name,
      p.model_keywords AS "modelKeywords"
    FROM papers p
    WHERE p.merged_into_id IS NULL
      AND p.id IN (
        SELECT COALESCE(listed.merged_into_id, listed.id)
        FROM digests d
        JOIN entries e ON e.digest_id = d.id
        JOIN papers listed ON listed.id = e.paper_id
        WHERE ${isUsable('d')} AND d.digest_on >= ${given.from}::date AND d.digest_on <= COALESCE(${given.to}::date, 'infinity'))
    ORDER BY p.id`,
);

/**
 * Returns the papers that an accepted or released digest listed on `from` (YYYY-MM-DD) or later, and not after `to`;
 * merged ones by the paper they point at.
 */
export async function loadWindowPapers(db: Tx, from: string, to: string | null = null): Promise<WindowPaper[]> {
  const rows = await windowPapers(db, { from, to });
  return rows.map(({ slug, name, matcherVersion, ...paper }) => {
    const text = paperTextOf(paper.id, { ...paper, organization: organizationOf(slug, name) });
    return { ...text, matcherVersion };
  });
}

/** A match to be stored. */
export interface NewMatch {
  interestId: number;
  paperId: number;
  score: number;
  literal: boolean;
  reasons: Reason[];
}

const storeMatches = command(
  'store matches',
  (given: {
    version: number;
    interestIds: number[];
    paperIds: number[];
    scores: number[];
    literal: boolean[];
    reasons: string[];
  }) => sql`
    INSERT INTO matches (interest_id, paper_id, matcher_version, score, literal, reasons)
    SELECT interest_id, paper_id, ${given.version}, score, literal, reasons
    FROM unnest(${given.interestIds}::int[], ${given.paperIds}::int[],
                ${given.scores}::real[], ${given.literal}::boolean[],
                ${given.reasons}::jsonb[])
         AS given (interest_id, paper_id, score, literal, reasons)
    ON CONFLICT (interest_id, paper_id, matcher_version) DO NOTHING`,
);

/**
 * Stores matches of one version of the matcher; one that is there already stays as it is. Returns how many were new.
 */
export function insertMatches(db: Tx, matches: readonly NewMatch[], version: number): Promise<number> {
  return storeMatches(db, {
    version,
    interestIds: matches.map((match) => match.interestId),
    paperIds: matches.map((match) => match.paperId),
    scores: matches.map((match) => match.score),
    literal: matches.map((match) => match.literal),
    reasons: matches.map((match) => JSON.stringify(match.reasons)),
  });
}

/** Records that papers have been compared with every interest in use by a version of the matcher. */
export async function markPapersMatched(db: Tx, ids: readonly number[], version: number): Promise<void> {
  await db.paper.updateMany({ where: { id: { in: [...ids] } }, data: { matcherVersion: version } });
}
