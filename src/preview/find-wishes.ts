import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PaperMatch } from '../match/matcher.ts';
import { wishKey, type Wish } from '../model/interest.ts';
import { leastScore, type Selectivity } from '../model/match.ts';
import type { PostedMatch } from '../plan/postings.ts';
import type { RecentPapers } from './recent-papers.ts';

/** A wish against a paper, as the matcher that sends sees it. */
export interface FoundMatch extends PostedMatch {
  /** As the matcher gave it: its reasons are worked out for those papers alone that are shown. */
  found: PaperMatch;
  wish: Wish;
  key: string;
}

/** Everything these wishes find in the papers of the last 30 days. */
export interface Findings {
  /** Wanted wishes count from 1; muted ones carry the minus that planning gives them. */
  interests: number[];
  matches: FoundMatch[];
  /** Ids of papers the reader would be sent at their line, were there room. */
  fitting: Set<number>;
}

/**
 * Orders the wishes of somebody who isn't signed up as their interests would be stored: that order settles which of two
 * equal matches is named.
 */
export function inStoredOrder(wishes: readonly Wish[]): Wish[] {
  const keyed = wishes.map((wish) => ({ wish, key: `${wish.kind} ${wishKey(wish)}` }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ wish }) => wish);
}

/**
 * Matches the wishes with the papers, by the rules that sending has; a hundred wishes take turns with whatever else is
 * asked.
 */
export async function findFor(
  papers: RecentPapers,
  wishes: readonly Wish[],
  { selectivity }: { selectivity: Selectivity },
): Promise<Findings> {
  const matches: FoundMatch[] = [];
  for (const [at, wish] of wishes.entries()) {
    if (at > 0) await nextTurn();
    matches.push(...matchesOf(papers, wish, at + 1));
  }
  const interests = wishes.map((wish, at) => (wish.muted ? -(at + 1) : at + 1));
  const barred = new Set(matches.filter(({ wish, literal }) => wish.muted && literal).map(({ paperId }) => paperId));
  const wanted = wishes.some((wish) => !wish.muted);
  const least = leastScore(selectivity);
  const hits = wanted
    ? matches.filter(({ wish, score }) => !wish.muted && score >= least).map(({ paperId }) => paperId)
    : papers.entries.map(({ paperId }) => paperId);
  return { interests, matches, fitting: new Set(hits.filter((paperId) => !barred.has(paperId))) };
}

function matchesOf(papers: RecentPapers, wish: Wish, interestId: number): FoundMatch[] {
  const key = wishKey(wish);
  return papers.find({ kind: wish.kind, key, like: wish.like }).flatMap((found) => {
    const entry = papers.byPaper.get(Number(found.paper.id));
    if (!entry) return [];
    const id = matchId(`${wish.kind} ${key} ${entry.id}`);
    const score = Math.fround(found.score); // as planning reads it
    return [{ id, interestId, paperId: entry.paperId, score, literal: found.literal, found, wish, key }];
  });
}

/**
 * Below zero, so that no card made here is taken for one of a stored match; the same for the same wish, so that cards
 * are shared.
 */
function matchId(name: string): number {
  return -1 - (createHash('sha256').update(name).digest().readUInt32BE(0) % 0x7fff_fffe);
}
