import type { Context } from '../context.ts';
import { newestDigestOn } from '../db/digests/digests.ts';
import { listCandidateEntries } from '../db/digests/entries.ts';
import { loadMatchScores } from '../db/interests/matches.ts';
import { loadPaperFamily } from '../db/newsletters/shown.ts';
import { hasUnmatchedPapers } from '../db/interests/plan-readiness.ts';
import { loadRises } from '../db/digests/rises.ts';
import { addDays } from '../lib/time.ts';
import { loadInterestNames } from '../db/interests/interest-names.ts';
import { createChooser, type Chooser } from './choose-papers.ts';
import { findDayFacts, nameFacts, type DayFacts, type FactSource, type Period } from './day-facts.ts';

/** The papers one slot date may draw on, ready for choosing. */
export interface EditionPapers extends Chooser {
  /** Any id or entry of a candidate, merged ones included → its index. */
  indexOfPaper: ReadonlyMap<number, number>;
  indexOfEntry: ReadonlyMap<number, number>;
  /** No newsletter before this instant can have shown one of the candidates. */
  knownSince: Date;
  /** Whether some paper still waits to be matched. */
  unmatched: boolean;
  /** What the sentence of the day can tell, for daily and weekly newsletters. */
  facts: Record<Period, DayFacts>;
  /** Texts of the candidates, parallel to them. */
  texts: readonly { title: string; abstract: string }[];
}

/** Opens the papers of each slot date once per run and keeps them. */
export interface EditionBook {
  /** Papers listed within CONTENT_DAYS before a date, the date included. */
  on(date: string): Promise<EditionPapers>;
  /** Papers of the newest digest, then those of its whole content window; null where there is no digest at all. */
  newest(): Promise<{ day: EditionPapers; window: EditionPapers } | null>;
}

const DAY_MS = 86_400_000;

/** Days before a slot that its movers are read from. */
const WEEK_DAYS = 7;

/**
 * Opens an empty book for one planning run. `arrivedBy`: with the papers of then, for who asks later why a slot brought
 * what it did.
 */
export function openEditionBook(ctx: Context, { arrivedBy }: { arrivedBy?: Date } = {}): EditionBook {
  const pages = new Map<string, Promise<EditionPapers>>();
  const range = (from: string, to: string) => {
    const key = `${from} ${to}`;
    const found = pages.get(key) ?? loadPapers(ctx, { from, to, arrivedBy });
    pages.set(key, found);
    return found;
  };
  const windows = new Map<string, Promise<EditionPapers>>(); // asked for once a reader, so without reckoning with dates
  const on = (date: string) => {
    const found = windows.get(date) ?? range(addDays(date, -ctx.config.CONTENT_DAYS), date);
    windows.set(date, found);
    return found;
  };
  let welcome: ReturnType<EditionBook['newest']> | undefined; // once a run: tastes are kept by the page
  return {
    on,
    newest: async () => {
      const newest = await newestDigestOn(ctx.db);
      if (newest === null) return null;
      welcome ??= Promise.all([range(newest, newest), on(newest)]).then(([day, window]) => ({
        day: { ...day, facts: window.facts }, // one list has no past to be held against
        window,
      }));
      return welcome;
    },
  };
}

async function loadFacts({ db }: Context, source: Omit<FactSource, 'period'>): Promise<Record<Period, DayFacts>> {
  const day = findDayFacts({ ...source, period: 'day' });
  const week = findDayFacts({ ...source, period: 'week' });
  const names = await loadInterestNames(db, [...new Set([...day.interests.keys(), ...week.interests.keys()])]);
  return { day: nameFacts(day, names), week: nameFacts(week, names) };
}

async function loadPapers(
  ctx: Context,
  { from, to, arrivedBy }: { from: string; to: string; arrivedBy: Date | undefined },
): Promise<EditionPapers> {
  const listed = await listCandidateEntries(ctx.db, { from, to });
  const entries = arrivedBy ? listed.filter(({ arrivedAt }) => arrivedAt <= arrivedBy) : listed;
  const paperIds = entries.map((entry) => entry.paperId);
  const unmatched = await hasUnmatchedPapers(ctx.db, paperIds); // before their matches: what ends in between waits
  const [matches, family, rises] = await Promise.all([
    loadMatchScores(ctx.db, paperIds),
    loadPaperFamily(ctx.db, paperIds),
    loadRises(ctx.db, { from: addDays(to, -WEEK_DAYS), to }),
  ]);
  const papers = entries.map((entry) => ({ ...entry, entryId: entry.id, rise: rises.get(entry.paperId) }));
  const chooser = createChooser(papers, matches, to);
  const indexOf = new Map(chooser.candidates.map(({ paperId }, index) => [paperId, index]));
  const follow = (ids: Map<number, number>) =>
    new Map([...ids].map(([id, paperId]) => [id, indexOf.get(paperId) ?? -1]));
  const textOf = new Map(entries.map(({ id, title, abstract }) => [id, { title, abstract }]));
  const floor = ctx.now().getTime() - (ctx.config.CONTENT_DAYS + 1) * DAY_MS;
  return {
    ...chooser,
    indexOfPaper: follow(family.paperOf),
    indexOfEntry: follow(family.paperOfEntry),
    knownSince: new Date(Math.min(floor, (family.knownSince?.getTime() ?? floor) - DAY_MS)),
    unmatched,
    facts: await loadFacts(ctx, { papers, matches, slotOn: to }),
    texts: chooser.candidates.map(({ entryId }) => textOf.get(entryId) ?? { title: '', abstract: '' }),
  };
}
