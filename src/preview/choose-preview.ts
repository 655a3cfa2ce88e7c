import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PaperMatch } from '../match/matcher.ts';
import { wishKey, type Wish } from '../model/interest.ts';
import type { CandidateEntry } from '../model/digest.ts';
import { leastScore, type Selectivity } from '../model/match.ts';
import { likeNameOf, type ChosenPaper } from '../model/newsletter.ts';
import { topicNameIn } from '../model/topic-words.ts';
import { createChooser, type Candidate } from '../plan/choose-papers.ts';
import { findTwins } from '../plan/twins.ts';
import type { Preferences } from '../model/subscriber.ts';
import type { PostedMatch } from '../plan/postings.ts';
import type { RecentPapers } from './recent-papers.ts';

/** A wish against a paper, as the matcher that sends sees it. */
interface FoundMatch extends PostedMatch {
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

/** Whom papers are chosen for. */
export type PreviewReader = Pick<Preferences, 'maxPapers' | 'selectivity' | 'language'>;

/** Which papers a first newsletter would hold. */
export interface PreviewChoice {
  papers: ChosenPaper[];
  trending: CandidateEntry[];
  consideredCount: number;
  moreCount: number;
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

/**
 * Chooses the papers of the welcome newsletter these wishes would bring: of the newest digest, else of the content
 * window to it; null where nothing fits.
 */
export async function choosePreview(
  papers: RecentPapers,
  findings: Findings,
  reader: PreviewReader,
): Promise<PreviewChoice | null> {
  const choice = chooseOnDay(papers, papers.newestOn, findings, reader);
  if (choice) return choice;
  await nextTurn();
  const window = papers.entries.filter(({ digestOn }) => digestOn >= papers.contentFrom);
  return chooseFrom(papers, window, papers.newestOn, findings, reader);
}

/** Chooses among the papers whose newest list is that of one day. */
export function chooseOnDay(
  papers: RecentPapers,
  day: string,
  findings: Findings,
  reader: PreviewReader,
): PreviewChoice | null {
  const entries = papers.entries.filter(({ digestOn }) => digestOn === day);
  return chooseFrom(papers, entries, day, findings, reader);
}

function chooseFrom(
  papers: RecentPapers,
  entries: CandidateEntry[],
  slotOn: string,
  findings: Findings,
  reader: PreviewReader,
): PreviewChoice | null {
  const newestDay = entries.reduce((newest, { digestOn }) => (digestOn > newest ? digestOn : newest), '');
  const chooser = createChooser(
    entries.map((entry) => ({ ...entry, entryId: entry.id })),
    findings.matches,
    slotOn,
    twinsAmong(({ paperId, digestOn }) => findings.fitting.has(paperId) || digestOn === newestDay),
  );
  const choice = chooser.choose({
    interests: findings.interests,
    maxPapers: reader.maxPapers,
    selectivity: reader.selectivity,
    shown: [],
    lastNewsletterMs: null,
  });
  if (!choice) return null;
  const byPaper = new Map(entries.map((entry) => [entry.paperId, entry]));
  const matchById = new Map(findings.matches.map((match) => [match.id, match]));
  const entryAt = (index: number) => byPaper.get(chooser.candidates[index]?.paperId ?? 0);
  return {
    papers: Array.from(choice.papers.subarray(0, choice.count)).flatMap((index, at) => {
      const entry = entryAt(index);
      return entry ? [chosen(papers, reader.language, entry, matchById.get(choice.matchIds[at] ?? 0))] : [];
    }),
    trending: Array.from(choice.trending.subarray(0, choice.trendingCount)).flatMap((index) => entryAt(index) ?? []),
    consideredCount: choice.consideredCount,
    moreCount: choice.moreCount,
  };
}

/**
 * Looks for twins only among those that may be chosen or shown as trending: among all papers of 30 days it took a
 * second.
 */
function twinsAmong(isOpen: (candidate: Candidate) => boolean) {
  return (candidates: readonly Candidate[]): number[][] => {
    const open = candidates.flatMap((candidate, index) => (isOpen(candidate) ? [{ candidate, index }] : []));
    const twins: number[][] = candidates.map(() => []);
    for (const [at, found] of findTwins(open.map(({ candidate }) => candidate)).entries()) {
      const { index = 0 } = open[at] ?? {};
      twins[index] = found.flatMap((other) => open[other]?.index ?? []);
    }
    return twins;
  };
}

function chosen(
  { topics }: RecentPapers,
  language: string,
  entry: CandidateEntry,
  found: FoundMatch | undefined,
): ChosenPaper {
  const { upvotes, comments } = entry;
  if (!found) return { entry, upvotes, comments, match: null };
  const { id, interestId, wish } = found;
  const { score, reasons } = found.found;
  const name = topics.find(({ slug }) => slug === wish.text)?.name ?? wish.text;
  const interestText = wish.kind === 'topic' ? topicNameIn(language, wish.text, name) : found.key;
  const like = wish.like && { like: likeNameOf(wish.like.examples) };
  const match = { id, interestId, score, reasons, interestKind: wish.kind, interestText, ...like };
  return { entry, upvotes, comments, match };
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
