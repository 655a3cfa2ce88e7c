import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { loadNotes, type NoteInForce } from '../db/newsletters/edition-notes.ts';
import type { PlannedNewsletter } from '../db/newsletters/newsletters.ts';
import { loadShownPapers, type ShownPapers } from '../db/newsletters/shown.ts';
import type { DueSubscriber } from '../db/subscribers/due.ts';
import { present } from '../lib/present.ts';
import { editionKind } from '../model/edition.ts';
import { saysSomething } from '../model/editor-note.ts';
import type { NothingReason, Without } from '../model/nothing.ts';
import type { Choice, ReaderWishes } from './choose-papers.ts';
import { chooseDayLine } from './day-line.ts';
import type { EditionPapers } from './edition-book.ts';
import { loadTastes, type ReaderTaste, type TasteOf } from './load-tastes.ts';

/** A newsletter to be planned for a reader, where there are papers for it. */
export interface Wanted {
  reader: DueSubscriber;
  /** Where to look for papers; the first place that has some wins. */
  papers: EditionPapers[];
  editionKey: string;
  slotAt: Date;
  issuedOn: string;
  lateAt: Date;
  /** Whether it goes out only with a paper that arrived since the reader's last newsletter. */
  news: boolean;
}

/** A newsletter with its papers, before it is written. */
export type Chosen = Omit<PlannedNewsletter, 'editionId'>;

/** The newsletters for which there are papers, and the readers for whom there are none. */
export interface ChosenAll {
  chosen: Chosen[];
  without: Without[];
}

/** Chooses the papers of these newsletters, as things stand; newsletters in `returning` count as not sent. */
export async function chooseNewsletters(
  ctx: Context,
  tx: Tx,
  wanted: readonly Wanted[],
  returning: readonly bigint[] = [],
): Promise<ChosenAll> {
  const ids = wanted.map(({ reader }) => reader.id);
  const shown = await loadShownPapers(tx, ids, sinceOf(wanted), returning);
  const keyId = ctx.keys.link[0]?.id ?? 0;
  const tasteOf = await loadTastes(tx, ids);
  const notes = await loadNotes(
    tx,
    wanted.map(({ editionKey }) => editionKey),
  );
  const found: ChosenAll = { chosen: [], without: [] };
  for (const want of wanted) {
    const { reader, editionKey } = want;
    const chosen = choose(want, { shown: shown.get(reader.id), keyId, tasteOf, note: notes.get(editionKey) });
    if (typeof chosen === 'string') found.without.push({ subscriberId: reader.id, editionKey, reason: chosen });
    else found.chosen.push(chosen);
  }
  return found;
}

/** No newsletter before this instant can have shown what these may hold. */
export function sinceOf(wanted: readonly Wanted[]): Date {
  return new Date(Math.min(...wanted.flatMap(({ papers }) => papers.map((each) => each.knownSince.getTime()))));
}

/** What the choice for one reader is made with. */
interface Known {
  shown: ShownPapers | undefined;
  keyId: number;
  tasteOf: TasteOf;
  /** What the editor added to the edition. */
  note: NoteInForce | undefined;
}

function choose(want: Wanted, { shown, keyId, tasteOf, note }: Known): Chosen | NothingReason {
  const weekly = isWeekly(want);
  let reason: NothingReason = 'no-papers';
  for (const papers of want.papers) {
    const taste = tasteOf(want.reader.id, papers);
    const picks = picksAmong(papers, note);
    const wishes = { ...wishesFor(want, { papers, shown, taste }), ...(picks.length > 0 && { picks }) };
    const choice = papers.choose(wishes);
    if (!choice) {
      reason = papers.whyNothing();
      continue;
    }
    const { lastNewsletterMs } = wishes;
    const dayLine = chooseDayLine(papers.facts[weekly ? 'week' : 'day'], {
      interests: want.reader.interests,
      lastNewsletterMs,
      last: shown?.lastLine ?? null,
      mayName: papers.mayName,
    });
    return {
      ...snapshot(want, papers, choice, keyId),
      dayLine,
      ...(taste && likedBehind(taste, choice)),
      ...(note && edited(note, papers, choice, picks)),
    };
  }
  return reason;
}

/** Finds the editor's papers among those of an edition; what is not among them, or is withheld, is left out. */
export function picksAmong(papers: EditionPapers, note: Pick<NoteInForce, 'paperIds'> | undefined): number[] {
  const found = (note?.paperIds ?? []).map((id) => papers.indexOfPaper.get(id) ?? -1);
  return [...new Set(found)].filter((index) => index >= 0);
}

/** Freezes what the editor added, and which of the chosen papers are the editor's. */
function edited(
  note: NoteInForce,
  papers: EditionPapers,
  choice: Choice,
  picks: readonly number[],
): Pick<Chosen, 'noteId' | 'pickedIds'> {
  if (!saysSomething(note)) return {};
  const picked = Array.from(choice.papers.subarray(0, choice.count)).filter((index) => picks.includes(index));
  const pickedIds = picked.map((index) => present(papers.candidates[index], 'a candidate').entryId);
  return { noteId: note.id, ...(pickedIds.length > 0 && { pickedIds }) };
}

const isWeekly = ({ editionKey }: Pick<Wanted, 'editionKey'>) => editionKind(editionKey) === 'weekly';

/** Says what the choice among these papers is to know of a reader. */
export function wishesFor(
  want: Pick<Wanted, 'reader' | 'editionKey' | 'news'>,
  { papers, shown, taste }: { papers: EditionPapers; shown: ShownPapers | undefined; taste: ReaderTaste | null },
): ReaderWishes {
  const { interests, maxPapers, selectivity, perhaps, lastNewsletterAt } = want.reader;
  const last = shown?.someReturned ? shown.lastAt : lastNewsletterAt;
  return {
    ...{ interests, maxPapers, selectivity, perhaps, taste },
    shown: shown ? shownIndexes(shown, papers) : [],
    lastNewsletterMs: want.news && last ? last.getTime() : null,
    movers: isWeekly(want),
  };
}

/** Freezes which liked paper lifted which of the chosen ones; nothing where that shows in none. */
function likedBehind(taste: ReaderTaste, choice: Choice): Pick<Chosen, 'likedIds'> {
  const likedIds = Array.from(choice.papers.subarray(0, choice.count), (index) => taste.likedEntryBehind(index));
  return likedIds.some((id) => id > 0) ? { likedIds } : {};
}

function shownIndexes(shown: ShownPapers, papers: EditionPapers): number[] {
  const indexes = [
    ...shown.paperIds.map((id) => papers.indexOfPaper.get(id)),
    ...shown.entryIds.map((id) => papers.indexOfEntry.get(id)),
  ];
  return indexes.filter((index) => index !== undefined && index >= 0) as number[];
}

/** Freezes what was chosen and the numbers as they stand, so that composing again gives the same mail. */
function snapshot(want: Wanted, papers: EditionPapers, choice: Choice, keyId: number): Chosen {
  const { reader } = want;
  const chosen = (indexes: Int32Array) =>
    Array.from(indexes, (index) => present(papers.candidates[index], 'a candidate'));
  const picked = chosen(choice.papers.subarray(0, choice.count));
  const perhaps = chosen(choice.perhaps.subarray(0, choice.perhapsCount));
  const movers = chosen(choice.movers.subarray(0, choice.moverCount));
  return {
    subscriberId: reader.id,
    editionKey: want.editionKey,
    entryIds: picked.map(({ entryId }) => entryId),
    paperIds: picked.map(({ paperId }) => paperId),
    matchIds: Array.from(choice.matchIds.subarray(0, choice.count)),
    upvotes: picked.map(({ upvotes }) => upvotes ?? -1),
    comments: picked.map(({ comments }) => comments ?? -1),
    consideredCount: choice.consideredCount,
    moreCount: choice.moreCount,
    trendingIds: chosen(choice.trending.subarray(0, choice.trendingCount)).map(({ entryId }) => entryId),
    ...(perhaps.length > 0 && {
      perhapsIds: perhaps.map(({ entryId }) => entryId),
      perhapsMatchIds: Array.from(choice.perhapsMatchIds.subarray(0, choice.perhapsCount)),
    }),
    moverIds: movers.map(({ entryId }) => entryId),
    moverRises: movers.map(({ rise }) => rise ?? 0),
    keyId,
    slotAt: want.slotAt,
    issuedOn: want.issuedOn,
    lateAt: want.lateAt,
  };
}
