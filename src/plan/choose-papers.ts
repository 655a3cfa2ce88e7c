import type { Selectivity } from '../model/match.ts';
import type { NothingReason } from '../model/nothing.ts';
import { MOVER_COUNT, ofNewestDay, pickMovers, pickTrending, risersOf, TRENDING_COUNT } from './beside.ts';
import { explainChoice, type ChoiceStep, type Explained } from './explain-choice.ts';
import { createHits } from './hits.ts';
import { placeMatches, type PostedMatch } from './postings.ts';
import { createRanking } from './rank-papers.ts';
import type { Ranking } from './ranking.ts';
import type { Seating } from './seat-picks.ts';
import type { TasteNumbers } from './taste.ts';
import { trendScores, type Trending } from './trend.ts';
import { findTwins, type TwinText } from './twins.ts';

/** A paper that an edition may hold. */
export interface Candidate extends Trending, TwinText {
  entryId: number;
  paperId: number;
  /** When an accepted or released digest first held it. */
  arrivedAt: Date;
  /** Upvotes gained over the week before the slot, where the lists tell. */
  rise?: number | undefined;
}

/** What the choice needs to know of a reader. */
export interface ReaderWishes {
  /** Ids of wanted interests; negative ids are muted ones. */
  interests: ArrayLike<number>;
  maxPapers: number;
  /** The reader's line: what an interest hits below it is neither taken nor counted. */
  selectivity: Selectivity;
  /** Indexes of the candidates that were shown to this reader before. */
  shown: ArrayLike<number>;
  /** Instant of the reader's last newsletter in milliseconds; null where there was none. */
  lastNewsletterMs: number | null;
  /** What the reader's reactions add to the rank and the score of each candidate; parallel to the candidates. */
  taste?: TasteNumbers | null;
  /** Whether the week's movers are wanted beside the papers. */
  movers?: boolean;
  /** Whether papers somewhat below the line are wanted beside them. */
  perhaps?: boolean;
  /** Indexes of the candidates that the editor chose for everybody. */
  picks?: readonly number[];
}

/** The choice for one reader. The arrays belong to the chooser and hold until its next call. */
export interface Choice {
  /** Indexes into the candidates, best first; `count` of them are valid. */
  papers: Int32Array;
  /** Match behind each paper; 0 where it is there by trend alone. */
  matchIds: Int32Array;
  count: number;
  /** How many more fitted than were taken. */
  moreCount: number;
  /** Candidates not shown before. */
  consideredCount: number;
  /** `perhapsCount` indexes of papers somewhat below the reader's line, with the match behind each, best first. */
  perhaps: Int32Array;
  perhapsMatchIds: Int32Array;
  perhapsCount: number;
  /** Also trending: `trendingCount` indexes of papers that match nothing the reader asked for. */
  trending: Int32Array;
  trendingCount: number;
  /**
   * `moverCount` indexes of papers whose upvotes rose most over the week, none of those above, the highest rise first.
   */
  movers: Int32Array;
  moverCount: number;
}

export interface Chooser {
  candidates: readonly Candidate[];
  /** Chooses for one reader; null where there is nothing, or nothing new. */
  choose(reader: ReaderWishes): Choice | null;
  /** Says why there was nothing for the reader chosen for last. */
  whyNothing(): NothingReason;
  /** Chooses for one reader and tells what became of it, and of one paper where it is named; 0 names none. */
  explain(reader: ReaderWishes, paperId?: number): Explained;
  /** Tells whether a paper may be named to the reader chosen for last: it was neither shown before nor is it muted. */
  mayName: (paperId: number) => boolean;
}

/**
 * Weight of the trend beside relevance: it settles between papers that fit alike; a mere favourite never outranks a
 * good fit.
 */
const TREND_WEIGHT = 0.3;

/**
 * Prepares the choice among the papers of one slot date: postings from interest to candidates, trend scores, scratch
 * space. Choosing for a reader then touches only what their interests hit (PERF: typed arrays, 1,000,000 readers in
 * about a second). Each line has postings of its own, made for its first reader, so that no reader pays for the
 * comparison. Deterministic: equal ranks fall back to trend, then to the paper's id. `twinsOf` stands in for who knows
 * that not all of them can be chosen.
 */
export function createChooser(
  papers: readonly Candidate[],
  matches: readonly PostedMatch[],
  slotOn: string,
  twinsOf: (candidates: readonly Candidate[]) => ReturnType<typeof findTwins> = findTwins,
): Chooser {
  const { candidates, trend } = inTrendOrder(papers, slotOn);
  const trendShare = trend.map((score) => TREND_WEIGHT * score);
  const placed = placeMatches(candidates, matches, (index) => trendShare[index] ?? 0);
  const ranking = createRanking(trendShare, createHits(placed), twinsOf(candidates));
  const slot: Slot = {
    ranking,
    arrivedMs: Float64Array.from(candidates, (candidate) => candidate.arrivedAt.getTime()),
    ofNewestDay: ofNewestDay(candidates),
    risers: risersOf(candidates),
    choice: emptyChoice(ranking),
    fitting: 0,
  };
  const indexOf = new Map(candidates.map(({ paperId }, index) => [paperId, index]));
  return {
    candidates,
    choose: (reader) => choose(slot, reader),
    whyNothing: () => (candidates.length === 0 ? 'no-papers' : slot.fitting === 0 ? 'none-fits' : 'no-news'),
    explain: (reader, paperId = 0) =>
      explainChoice(ranking, reader, indexOf.get(paperId) ?? -1, (after) => choose(slot, reader, after)),
    mayName: (paperId) => mayName(slot, indexOf.get(paperId) ?? -1),
  };
}

function mayName({ ranking, choice }: Slot, index: number): boolean {
  if (index < 0) return false;
  return ranking.isOpen(index) || choice.papers.subarray(0, choice.count).includes(index);
}

/** What is the same for all readers of one slot date, and the choice that each of them fills anew. */
interface Slot {
  ranking: Ranking;
  /** Instant at which each candidate arrived, in milliseconds. */
  arrivedMs: Float64Array;
  ofNewestDay: readonly number[];
  /** Candidates whose upvotes rose, the highest rise first. */
  risers: readonly number[];
  choice: Choice;
  /** How many candidates fitted the reader chosen for last. */
  fitting: number;
}

function emptyChoice({ papers, matchIds, perhaps }: Ranking): Choice {
  return {
    papers,
    matchIds,
    count: 0,
    moreCount: 0,
    consideredCount: 0,
    perhaps: perhaps.papers,
    perhapsMatchIds: perhaps.matchIds,
    perhapsCount: 0,
    trending: new Int32Array(TRENDING_COUNT),
    trendingCount: 0,
    movers: new Int32Array(MOVER_COUNT),
    moverCount: 0,
  };
}

function choose(slot: Slot, reader: ReaderWishes, after?: (step: ChoiceStep) => void): Choice | null {
  const { ranking, arrivedMs, ofNewestDay, risers, choice } = slot;
  const size = arrivedMs.length;
  const shownCount = ranking.barShown(reader.shown);
  after?.('shown');
  ranking.barMuted(reader.interests);
  after?.('muted');
  const wishes = ranking.collect(reader.interests, reader.selectivity, reader.taste ?? null);
  after?.('collected');
  const eligible = ranking.eligibleCount();
  slot.fitting = eligible;
  if (eligible === 0) return null;
  const limit = Math.min(reader.maxPapers, size);
  const since = reader.lastNewsletterMs ?? -Infinity;
  choice.count = ranking.take(limit);
  if (!ranking.keepNews(choice.count, arrivedMs, since)) return null;
  choice.moreCount = eligible - choice.count;
  if (reader.picks) seatPicks(choice, ranking, { picks: reader.picks, limit, arrived: arrivedMs, since }, eligible);
  choice.consideredCount = size - shownCount;
  const { interests, selectivity, taste = null } = reader;
  choice.perhapsCount = reader.perhaps ? ranking.pickPerhaps(interests, selectivity, taste) : 0;
  choice.trendingCount = wishes > 0 ? pickTrending(choice, ranking, ofNewestDay) : 0;
  choice.moverCount = reader.movers ? pickMovers(choice, ranking, risers) : 0;
  return choice;
}

function seatPicks(choice: Choice, ranking: Ranking, seating: Omit<Seating, 'count'>, eligible: number): void {
  choice.count = ranking.seatPicks({ ...seating, count: choice.count });
  choice.moreCount = eligible - choice.papers.subarray(0, choice.count).filter((index) => ranking.isHit(index)).length;
}

function inTrendOrder(papers: readonly Candidate[], slotOn: string): { candidates: Candidate[]; trend: Float64Array } {
  const scores = trendScores(papers, slotOn);
  const order = papers
    .map((_, index) => index)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (papers[a]?.paperId ?? 0) - (papers[b]?.paperId ?? 0));
  return {
    candidates: order.flatMap((index) => papers[index] ?? []),
    trend: Float64Array.from(order, (index) => scores[index] ?? 0),
  };
}
