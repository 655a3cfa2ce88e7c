import type { Tx } from '../db/client.ts';
import { loadPaperTexts, loadReactions } from '../db/reactions.ts';
import type { EditionPapers } from './run-plan-papers.ts';
import { createTasteSpace, type Reacted, type TasteSpace, type TasteText } from './taste.ts';

/** Tells what a reader's reactions add to the rank of each of these papers; null for readers without any. */
export type TasteOf = (subscriberId: number, papers: EditionPapers) => Float64Array | null;

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
    return reactions
      ? spaceOf(papers).tasteOf(reactions, (paperId): TasteText | undefined => texts.get(paperId))
      : null;
  };
}

/** A space is made once per slot date, and only where somebody reacted. */
function spaceOf(papers: EditionPapers): TasteSpace {
  const found = spaces.get(papers) ?? createTasteSpace(papers.texts);
  spaces.set(papers, found);
  return found;
}
