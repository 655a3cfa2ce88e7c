import type { Context } from '../../context.ts';
import { findNewestList } from '../../db/digests/named-papers.ts';
import { nameInterests } from '../../db/interests/interest-names.ts';
import { newsletterMailsSince } from '../../db/ledger/one-mail.ts';
import { loadUnmatchedInterests, type Unmatched } from '../../db/interests/plan-readiness.ts';
import { loadShownPapers } from '../../db/newsletters/shown.ts';
import type { DueSubscriber } from '../../db/subscribers/due.ts';
import { addDays } from '../../lib/time.ts';
import { LINES } from '../../model/match.ts';
import { openEditionBook, type EditionPapers } from '../../plan/edition-book.ts';
import { loadTastes } from '../../plan/load-tastes.ts';
import { waitsForMatching } from '../../plan/must-wait.ts';
import { wishesFor } from '../../plan/load-chosen.ts';
import type { ChoiceFacts, SlotFacts } from './facts.ts';

/** What a choice is explained for. */
interface Asked {
  reader: DueSubscriber;
  slot: SlotFacts & { edition: string; slot: NonNullable<SlotFacts['slot']> };
  /** Any id of the paper asked for; 0 for none. */
  paperId: number;
}

/** Makes the choice of a slot again, with the papers of then and without what was shown since, and explains it. */
export async function choiceFacts(ctx: Context, { reader, slot, paperId }: Asked): Promise<ChoiceFacts> {
  const pages = await papersOf(ctx, slot);
  const unmatched = slot.past ? new Set<number>() : await loadUnmatchedInterests(ctx.db);
  let facts: ChoiceFacts | null = null;
  for (const papers of pages) {
    facts = await explained(ctx, { reader, slot, paperId }, papers, unmatched);
    if (facts.real.outcome === 'chosen') break;
  }
  if (!facts) throw new Error('a slot without papers to look at');
  return facts;
}

/** The papers a slot draws on: those of its date, or of a welcome. */
async function papersOf(ctx: Context, { edition, slot, decidedAt, past }: Asked['slot']): Promise<EditionPapers[]> {
  const book = openEditionBook(ctx, past ? { arrivedBy: decidedAt } : {});
  if (!edition.startsWith('welcome:')) return [await book.on(slot.at.toISOString().slice(0, 10))];
  const newest = await book.newest();
  return newest ? [newest.day, newest.window] : [await book.on(slot.at.toISOString().slice(0, 10))];
}

async function explained(
  ctx: Context,
  { reader, slot, paperId }: Asked,
  papers: EditionPapers,
  unmatched: Unmatched,
): Promise<ChoiceFacts> {
  const since = slot.past ? await newsletterMailsSince(ctx.db, reader.id, slot.decidedAt) : [];
  const shown = (await loadShownPapers(ctx.db, [reader.id], papers.knownSince, since)).get(reader.id);
  const taste = (await loadTastes(ctx.db, [reader.id]))(reader.id, papers);
  const news = !slot.edition.startsWith('welcome:');
  const wishes = wishesFor({ reader, editionKey: slot.edition, news }, { papers, shown, taste });
  const candidate = papers.candidates[papers.indexOfPaper.get(paperId) ?? -1]?.paperId;
  const wanted = reader.interests.filter((id) => id > 0);
  const unmuted = { ...wishes, interests: wanted };
  const day = slot.slot.at.toISOString().slice(0, 10);
  const range = { from: addDays(day, -ctx.config.CONTENT_DAYS), to: day, by: slot.past ? slot.decidedAt : ctx.now() };
  const state = { unmatched, papersUnmatched: papers.unmatched && !slot.past };
  return {
    open: papers.explain({ ...unmuted, shown: [], lastNewsletterMs: null }, candidate),
    unmuted: papers.explain({ ...unmuted, lastNewsletterMs: null }, candidate),
    real: papers.explain(wishes, candidate),
    waitsFor: waitsForMatching(reader.interests, state, slot.slot.at, slot.decidedAt),
    lastNewsletterAt: wishes.lastNewsletterMs === null ? null : new Date(wishes.lastNewsletterMs),
    line: LINES[reader.selectivity],
    names: await nameInterests(ctx.db, reader.id),
    list: await findNewestList(ctx.db, range),
  };
}
