import type { Entry } from '../../model/digest.ts';
import type { ChosenPaper, DayLine, HealthNote, InterestTrend, NewsletterInput } from '../../model/newsletter.ts';
import { nameDayLine, type Wordings } from '../../model/day-line.ts';
import { topicNameIn } from '../../model/topic-words.ts';
import type { MatchWithInterest } from '../interests/matches.ts';
import type { NewsletterRow } from './newsletter-rows.ts';

/** What the newsletters of a batch share. */
export interface Loaded {
  entries: ReadonlyMap<number, Entry>;
  matches: ReadonlyMap<number, MatchWithInterest>;
  topics: ReadonlyMap<string, string>;
  notes: ReadonlyMap<string, HealthNote>;
  trends: ReadonlyMap<number, InterestTrend> | undefined;
}

const NONE: Wordings = new Map();

/** Most topics whose trend is shown. */
const TRENDS = 3;

/**
 * Returns the interests whose trend a newsletter shows: that of the sentence of the day, then the topics that brought
 * papers, in the order of those papers.
 */
export function trendIds(row: NewsletterRow, matches: ReadonlyMap<number, MatchWithInterest>): number[] {
  const ids = row.matchIds.flatMap((id) => {
    const match = matches.get(id);
    return match?.interestKind === 'topic' ? [match.interestId] : [];
  });
  const told = (row.dayLine as DayLine | null)?.interestId;
  return [...new Set(told === undefined ? ids : [told, ...ids])].slice(0, TRENDS);
}

/** Joins what a newsletter's row names with what was loaded for its batch. */
export function buildInput(row: NewsletterRow, loaded: Loaded): NewsletterInput {
  const { entries, matches, topics } = loaded;
  const wordings = wordingsOf(row);
  const { papers, perhaps } = papersOf(row, loaded, wordings);
  const told = row.dayLine as DayLine | null;
  const dayLine = told && nameDayLine(told, row.language, { topics, wordings });
  const trending = row.trendingIds.map((id) => entryNamed(entries, id, row));
  const { newsletterPublicId, subscriberPublicId, email, language, generation, keyId } = row;
  const { editionKey, issuedOn, at, consideredCount, moreCount, templateVersion } = row;
  return {
    deliveryPublicId: row.deliveryPublicId ?? newsletterPublicId,
    ...{ newsletterPublicId, subscriberPublicId, email, language, generation, keyId },
    ...{ editionKey, issuedOn, at, consideredCount, moreCount, templateVersion },
    papers,
    ...(perhaps && { perhaps }),
    ...(row.editorNote && { editorNote: row.editorNote }),
    ...(dayLine && { dayLine }),
    trending,
    movers: row.moverIds.map((id, place) => ({
      entry: entryNamed(entries, id, row),
      rise: row.moverRises[place] ?? 0,
    })),
    digestOn: newestDayOf([...papers.map(({ entry }) => entry), ...trending]) || issuedOn,
    notes: [...new Set(papers.map(({ entry }) => `${entry.source} ${entry.digestOn}`))].flatMap(
      (day) => loaded.notes.get(day) ?? [],
    ),
    trends: trendIds(row, matches).flatMap((id) => {
      const trend = loaded.trends?.get(id);
      return trend ? [{ ...trend, ...nameOfTrend(id, papers, dayLine) }] : [];
    }),
  };
}

/** The papers that were chosen, and those that are perhaps right: one line each, without numbers, which rise. */
function papersOf(row: NewsletterRow, { entries, matches, topics }: Loaded, wordings: Wordings) {
  const matchOf = (id: number | undefined) => {
    const match = matches.get(id ?? 0);
    if (!match) return null;
    const wording = match.interestKind === 'words' ? wordings.get(`words ${match.interestText}`) : undefined;
    return { ...match, interestText: namedIn(row.language, match, topics), ...(wording !== undefined && { wording }) };
  };
  const papers = row.entryIds.map((id, at): ChosenPaper => ({
    entry: entryNamed(entries, id, row),
    upvotes: saidOrNull(row.upvotes[at]),
    comments: saidOrNull(row.comments[at]),
    match: matchOf(row.matchIds[at]),
    ...(row.likedIds && reactionOf(entries.get(row.likedIds[at] ?? 0))),
    ...(row.pickedIds?.includes(id) && { picked: true }),
  }));
  const perhaps = row.perhapsIds?.map((id, at): ChosenPaper => {
    const match = matchOf(row.perhapsMatchIds?.[at]);
    return { entry: entryNamed(entries, id, row), upvotes: null, comments: null, match };
  });
  return { papers, perhaps };
}

function newestDayOf(entries: readonly Entry[]): string {
  let newest = '';
  for (const { digestOn } of entries) if (digestOn > newest) newest = digestOn;
  return newest;
}

/** What the trend is of: as the sentence of the day, or the paper that it brought, has it. */
function nameOfTrend(id: number, papers: readonly ChosenPaper[], dayLine: DayLine | null): Pick<InterestTrend, 'name'> {
  const topic = dayLine?.interestId === id ? dayLine.params['topic'] : undefined;
  const name = topic ?? papers.find(({ match }) => match?.interestId === id)?.match?.interestText;
  return name === undefined ? {} : { name: String(name) };
}

/** The reason that the reader's own reaction is, where a liked paper lifted this one. */
function reactionOf(liked: Entry | undefined): Pick<ChosenPaper, 'reaction'> {
  return liked ? { reaction: { kind: 'reaction', text: liked.title, where: 'title' } } : {};
}

/** An entry is never deleted; one that is missing is a broken database, not a newsletter to send. */
function entryNamed(entries: ReadonlyMap<number, Entry>, id: number, row: NewsletterRow): Entry {
  const entry = entries.get(id);
  if (!entry) throw new Error(`Newsletter ${row.newsletterPublicId}: entry ${id} is not in the database`);
  return entry;
}

/** A planned number: -1 stands for «the source does not say». */
function saidOrNull(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

function wordingsOf({ wordings }: NewsletterRow): Wordings {
  return wordings === null ? NONE : new Map(Object.entries(wordings as Record<string, string>));
}

/** A topic is keyed by its slug and read by its name in the newsletter's language. */
function namedIn(language: string, match: MatchWithInterest, topics: ReadonlyMap<string, string>): string {
  const { interestKind, interestText: text } = match;
  return interestKind === 'topic' ? topicNameIn(language, text, topics.get(text) ?? text) : text;
}
