import { addDays, daysBetween } from '../lib/time.ts';
import type { InterestName } from '../model/interest.ts';
import { leastScore } from '../model/match.ts';
import type { DayKind } from '../model/newsletter.ts';
import { listFactsOf, type ListFact } from './list-facts.ts';
import type { PostedMatch } from './postings.ts';
import { chanceOfSoFew, chanceOfSoMany, type Share } from './surprise.ts';
import type { FactPaper } from './list-facts.ts';

/** What a sentence looks at: the newest list, or those of a week. */
export type Period = 'day' | 'week';

/** Something true and unusual of one interest. */
export interface InterestFact {
  kind: Extract<DayKind, 'surge' | 'quiet' | 'first'>;
  interestId: number;
  /** How likely mere chance would bring it. */
  chance: number;
  params: Record<string, string | number>;
}

/** What a slot date has to tell, the same for all readers. */
export interface DayFacts {
  period: Period;
  /** When the last of the papers told of arrived, in milliseconds: who read since has heard of them. */
  newestMs: number;
  interests: ReadonlyMap<number, InterestFact>;
  /** The least likely first. */
  list: readonly ListFact[];
}

/** What facts are found in. */
export interface FactSource {
  /** Every paper of the content window, each on its newest list. */
  papers: readonly FactPaper[];
  matches: readonly PostedMatch[];
  slotOn: string;
  period: Period;
}

/**
 * Above these chances a fact is not told. Surges are looked for in many topics at once, so they must be rarer; that an
 * interest is heard of again matters to its readers even where it is hardly a surprise.
 */
const BAR = { surge: 0.02, quiet: 0.05, first: 0.1 };
/** «Everywhere» is every sixth paper at least, four of them, and twice what is usual. */
const SURGE = { hits: 4, share: 1 / 6, times: 2 };
/** Fewer lists than this are no past to compare with; fewer papers no list. */
const LEAST_LISTS = 3;
const LEAST_PAPERS = 8;
/** «In two weeks»: lists pause at the week-end. */
const FIRST_DAYS = 12;

/**
 * Finds what is unusual on a slot date against the other lists of the content window, as far as they are of the same
 * sources: another one has other papers. In it every interest has been compared with every paper, so that none is none;
 * nothing is asked of the database, and a preview finds the same.
 */
export function findDayFacts({ papers, matches, slotOn, period }: FactSource): DayFacts {
  const newestOn = papers.reduce((newest, { digestOn }) => (digestOn > newest ? digestOn : newest), '');
  const from = period === 'day' ? newestOn : addDays(slotOn, -6);
  const now = papers.filter(({ digestOn }) => digestOn >= from);
  const sources = new Set(now.map(({ source }) => source));
  const before = papers.filter(({ digestOn }) => digestOn < from);
  const past = before.filter(({ source }) => sources.has(source));
  const elsewhere = before.filter(({ source }) => !sources.has(source));
  const days = [...new Set(past.map(({ digestOn }) => digestOn))].sort();
  const enough = days.length >= LEAST_LISTS && now.length >= LEAST_PAPERS;
  const weeks = enough ? weeksOf(days[0] ?? newestOn, newestOn) : 0;
  const counted = enough ? countHits({ now, past, elsewhere }, matches) : new Map<number, Hits>();
  const interests = new Map<number, InterestFact>();
  for (const [interestId, hits] of counted) {
    const fact = factOf(hits, { now: now.length, past: past.length, weeks });
    if (fact) interests.set(interestId, { ...fact, interestId, params: { ...fact.params, period } });
  }
  const newestMs = Math.max(-Infinity, ...now.map(({ arrivedAt }) => arrivedAt.getTime()));
  return { period, newestMs, interests, list: listFactsOf(now, past, period) };
}

/**
 * Leaves the facts of interests that a sentence can name: topics and words; of authors and organisations only that
 * there is one again.
 */
export function nameFacts(facts: DayFacts, names: ReadonlyMap<number, InterestName>): DayFacts {
  const interests = [...facts.interests.values()].flatMap((fact): [number, InterestFact][] => {
    const name = names.get(fact.interestId);
    const named = name?.kind === 'author' || name?.kind === 'organization' ? fact.kind === 'first' : true;
    if (!name || name.kind === 'like' || !named) return [];
    const params = { ...fact.params, topic: name.key, about: name.kind };
    return [[fact.interestId, { ...fact, params }]];
  });
  return { ...facts, interests: new Map(interests) };
}

/** Of now, of the past of the same sources, and of that of others. */
type Parted<Of> = Record<'now' | 'past' | 'elsewhere', Of>;
type Hits = Parted<number>;

function countHits(papers: Parted<readonly FactPaper[]>, matches: readonly PostedMatch[]) {
  const partOf = new Map<number, keyof Hits>();
  for (const part of ['now', 'past', 'elsewhere'] as const)
    for (const { paperId } of papers[part]) partOf.set(paperId, part);
  const counted = new Map<number, Hits>();
  const least = leastScore('normal');
  for (const { interestId, paperId, score } of matches) {
    const part = partOf.get(paperId);
    if (part === undefined || score < least) continue;
    const hits = counted.get(interestId) ?? { now: 0, past: 0, elsewhere: 0 };
    counted.set(interestId, hits);
    hits[part]++;
  }
  return counted;
}

function factOf(hits: Hits, of: { now: number; past: number; weeks: number }): Omit<InterestFact, 'interestId'> | null {
  const now: Share = { hits: hits.now, of: of.now };
  const past: Share = { hits: hits.past, of: of.past };
  const [share, usual] = [now.hits / now.of, past.hits / past.of];
  if (now.hits >= SURGE.hits && share >= Math.max(SURGE.share, SURGE.times * usual)) {
    const chance = chanceOfSoMany(now, past);
    if (chance <= BAR.surge) return { kind: 'surge', chance, params: { count: now.hits, total: now.of } };
  }
  if (now.hits > 0 && past.hits + hits.elsewhere === 0 && of.weeks > 0) {
    const chance = chanceOfSoMany({ hits: 1, of: now.of }, past);
    if (chance <= BAR.first) return { kind: 'first', chance, params: { weeks: of.weeks } };
  }
  if (now.hits === 0) {
    const chance = chanceOfSoFew(now, past);
    const params = { total: now.of, usual: Math.round(usual * now.of) };
    if (chance <= BAR.quiet) return { kind: 'quiet', chance, params };
  }
  return null;
}

/** Weeks between two list days, the days that lists pause counted in; 0 where they are too few to speak of. */
function weeksOf(first: string, last: string): number {
  const days = daysBetween(first, last);
  return days < FIRST_DAYS ? 0 : Math.round(days / 7);
}
