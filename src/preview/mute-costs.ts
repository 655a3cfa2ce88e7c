import { setImmediate as nextTurn } from 'node:timers/promises';
import { addDays } from '../lib/time.ts';
import { interestKey, wishKey, type Wish } from '../model/interest.ts';
import { leastScore, type Selectivity } from '../model/match.ts';
import { findFor, type Findings } from './find-wishes.ts';
import type { RecentPapers } from './recent-papers.ts';

/** Days of lists that the cost of a muted word is counted over. */
export const COST_DAYS = 14;

/** A share of papers from which on a word leaves out most of them: nearly a third. */
const MOST = 0.3;

/** How often a word stands in the papers of the last lists. */
export interface WordCount {
  word: string;
  count: number;
  total: number;
  /** Whether it stands in over 30 % of all papers, or of those that this reader would get. */
  most: boolean;
}

/**
 * Counts for each muted wish how many papers of the last lists fit all the same and were left out for it, by
 * `muteKey`.
 */
export function countMuted(
  papers: RecentPapers,
  wishes: readonly Wish[],
  { selectivity }: { selectivity: Selectivity },
  { matches }: Findings,
): Map<string, number> {
  const wanted = fittingBeforeMutes(papers, wishes, selectivity, matches);
  const costs = new Map(wishes.filter(({ muted }) => muted).map((wish) => [muteKey(wish), new Set<number>()]));
  for (const { wish, literal, paperId } of matches)
    if (wish.muted && literal && wanted.has(paperId)) costs.get(muteKey(wish))?.add(paperId);
  return new Map([...costs].map(([key, found]) => [key, found.size]));
}

/** Names a muted wish. */
export function muteKey(wish: Wish): string {
  return `${wish.kind} ${wishKey(wish)}`;
}

/** Counts words in the papers of the last lists; those that would leave out most stand last. */
export async function countWords(
  papers: RecentPapers,
  words: readonly string[],
  wishes: readonly Wish[],
  { selectivity }: { selectivity: Selectivity },
): Promise<WordCount[]> {
  const recent = recentIds(papers);
  const { matches } = await findFor(papers, wishes, { selectivity });
  const wanted = fittingBeforeMutes(papers, wishes, selectivity, matches);
  const counted: WordCount[] = [];
  for (const word of words) {
    await nextTurn();
    const found = papers.find({ kind: 'words', key: interestKey('words', word) });
    const ids = new Set(
      found.filter(({ literal }) => literal).map(({ paper }) => papers.byPaper.get(Number(paper.id))),
    );
    const held = [...ids].flatMap((entry) => (entry && recent.has(entry.paperId) ? entry.paperId : []));
    const own = held.filter((id) => wanted.has(id)).length;
    const most = held.length > MOST * recent.size || (wanted.size > 1 && own > MOST * wanted.size);
    counted.push({ word, count: held.length, total: recent.size, most });
  }
  return [...counted.filter(({ most }) => !most), ...counted.filter(({ most }) => most)];
}

/** The papers of the last lists that fit what is wanted, muted words or not. */
function fittingBeforeMutes(
  papers: RecentPapers,
  wishes: readonly Wish[],
  selectivity: Selectivity,
  matches: Findings['matches'],
): Set<number> {
  const recent = recentIds(papers);
  if (!wishes.some(({ muted }) => !muted)) return recent;
  const least = leastScore(selectivity);
  const hits = matches.filter(({ wish, score, paperId }) => !wish.muted && score >= least && recent.has(paperId));
  return new Set(hits.map(({ paperId }) => paperId));
}

function recentIds({ entries, newestOn }: RecentPapers): Set<number> {
  const from = addDays(newestOn, 1 - COST_DAYS);
  return new Set(entries.filter(({ digestOn }) => digestOn >= from).map(({ paperId }) => paperId));
}
