import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { internEditions } from '../db/newsletters/editions.ts';
import { insertNewslettersWithDeliveries, type PlannedNewsletter } from '../db/newsletters/newsletters.ts';
import {
  loadShownPapers,
  lockWaitingNewsletters,
  replaceNewsletters,
  type ShownPapers,
} from '../db/newsletters/shown.ts';
import { editionKind } from '../model/edition.ts';
import type { DueSubscriber } from '../db/subscribers/due.ts';
import type { Choice, ReaderWishes } from './choose-papers.ts';
import { chooseDayLine } from './day-line.ts';
import type { EditionPapers } from './edition-book.ts';
import { loadTastes, type ReaderTaste, type TasteOf } from './load-tastes.ts';
import { present } from '../lib/present.ts';

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

type Chosen = Omit<PlannedNewsletter, 'editionId'>;

/**
 * Chooses the papers of these newsletters and writes them with their deliveries. Older newsletters of the same readers
 * that still wait give way: their papers return first, and they end once the new one is written. Returns the readers
 * who got one.
 */
export async function writeNewsletters(
  ctx: Context,
  tx: Tx,
  wanted: readonly Wanted[],
  options: { now: Date; dryRun: boolean },
): Promise<{ written: Set<number>; replaced: number }> {
  const ids = wanted.map(({ reader }) => reader.id);
  const since = new Date(Math.min(...wanted.flatMap(({ papers }) => papers.map((each) => each.knownSince.getTime()))));
  const waiting = options.dryRun ? [] : await lockWaitingNewsletters(tx, ids, since);
  const shown = await loadShownPapers(
    tx,
    ids,
    since,
    waiting.map(({ deliveryId }) => deliveryId),
  );
  const keyId = ctx.keys.link[0]?.id ?? 0;
  const tasteOf = await loadTastes(tx, ids);
  const chosen = wanted.flatMap((want) => choose(want, shown.get(want.reader.id), keyId, tasteOf) ?? []);
  if (options.dryRun) return { written: new Set(chosen.map(({ subscriberId }) => subscriberId)), replaced: 0 };
  const editions = await internEditions(
    tx,
    chosen.map((row) => row.editionKey),
    options.now,
  );
  const rows = chosen.flatMap((row) => {
    const edition = editions.get(row.editionKey);
    return edition && edition.state !== 'cancelled' ? { ...row, editionId: edition.id } : [];
  });
  const written = await insertNewslettersWithDeliveries(tx, rows, options.now);
  const replaced = waiting.filter(({ subscriberId }) => written.has(subscriberId)).map(({ deliveryId }) => deliveryId);
  await replaceNewsletters(tx, replaced, options.now);
  return { written, replaced: replaced.length };
}

function choose(want: Wanted, shown: ShownPapers | undefined, keyId: number, tasteOf: TasteOf): Chosen | null {
  const weekly = isWeekly(want);
  for (const papers of want.papers) {
    const taste = tasteOf(want.reader.id, papers);
    const wishes = wishesFor(want, { papers, shown, taste });
    const choice = papers.choose(wishes);
    if (!choice) continue;
    const { lastNewsletterMs } = wishes;
    const dayLine = chooseDayLine(papers.facts[weekly ? 'week' : 'day'], {
      interests: want.reader.interests,
      lastNewsletterMs,
      last: shown?.lastLine ?? null,
      mayName: papers.mayName,
    });
    return { ...snapshot(want, papers, choice, keyId), dayLine, ...(taste && likedBehind(taste, choice)) };
  }
  return null;
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
