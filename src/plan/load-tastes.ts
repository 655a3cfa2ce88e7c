import type { Tx } from '../db/client.ts';
import { loadReactions } from '../db/interests/reactions.ts';
import { loadPaperTexts } from '../db/digests/paper-texts.ts';
import type { EditionPapers } from './edition-book.ts';
import { createTasteSpace, type Reacted, type TasteNumbers, type TasteSpace } from './taste.ts';

/** What a reader's reactions do to the papers of one slot date. */
export interface ReaderTaste extends TasteNumbers {
  /** Returns the entry of the liked paper that visibly lifts a paper; 0 where none does. */
  likedEntryBehind(index: number): number;
}

/** Tells what a reader's reactions do to these papers; null for readers without any. */
export type TasteOf = (subscriberId: number, papers: EditionPapers) => ReaderTaste | null;

/** Older reactions than the newest so many say nothing any more. */
const REACTIONS_EACH = 50;

const spaces = new WeakMap<EditionPapers, TasteSpace>();

/** Loads the reactions of a batch of readers. Most have none, and cost nothing further. */
export async function loadTastes(db: Tx, subscriberIds: readonly number[]): Promise<TasteOf> {
  const rows = await loadReactions(db, subscriberIds, REACTIONS_EACH);
  if (rows.length === 0) return () => null;
  const texts = await loadPaperTexts(db, [...new Set(rows.map(({ paperId }) => paperId))]);
  const bySubscriber = new Map<number, Reacted[]>();
  for (const { subscriberId, paperId, kind } of rows) {
    const reactions = bySubscriber.get(subscriberId) ?? [];
    bySubscriber.set(subscriberId, reactions);
    reactions.push({ paperId, kind });
  }
  return (subscriberId, papers) => {
    const reactions = bySubscriber.get(subscriberId);
    const taste = reactions && spaceOf(papers).tasteOf(reactions, (paperId) => texts.get(paperId));
    return taste ? { lifts: taste.lifts, shifts: taste.shifts, likedEntryBehind } : null;

    function likedEntryBehind(index: number): number {
      const liked = taste?.likedBehind(index) ?? 0;
      const isItself = papers.indexOfPaper.get(liked) === index;
      return isItself ? 0 : (texts.get(liked)?.entryId ?? 0);
    }
  };
}

/** A space is made once per slot date, and only where somebody reacted. */
function spaceOf(papers: EditionPapers): TasteSpace {
  const found = spaces.get(papers) ?? createTasteSpace(papers.texts);
  spaces.set(papers, found);
  return found;
}
