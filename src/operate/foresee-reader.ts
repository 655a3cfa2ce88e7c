import type { Context } from '../context.ts';
import { loadUnmatchedInterests } from '../db/interests/plan-readiness.ts';
import { loadNotes } from '../db/newsletters/edition-notes.ts';
import { findEditions } from '../db/newsletters/editions.ts';
import { loadSampleInput } from '../db/newsletters/sample-input.ts';
import { loadAsDue } from '../db/subscribers/as-due.ts';
import { findSubscriber, findWelcomeDueAt, loadWishes } from '../db/subscribers/subscribers.ts';
import { wishKey, type Wish } from '../model/interest.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import { foreseeFor } from '../plan/load-foreseen.ts';
import { sampleOf } from './send-test.ts';
import { nextSlotFacts } from './why/slot-facts.ts';

/** The next newsletter of a reader as things stand. */
export interface ReaderForeseen {
  edition: string;
  slotAt: Date;
  cancelled: boolean;
  /** With what the editor added; null where nothing new fits, or it was cancelled. */
  newsletter: NewsletterInput | null;
  /** Whether some of the reader's interests are still to be compared with the papers. */
  waits: boolean;
}

/**
 * Chooses what a reader's next newsletter would hold, as planning would, with the editor's note and papers; changes
 * nothing. Null where none of a day or a week comes next: nobody is there, they do not read, their address is
 * suppressed, or their welcome comes first.
 */
export async function foreseeReader(ctx: Context, publicId: string): Promise<ReaderForeseen | null> {
  const { db } = ctx;
  const reader = await findSubscriber(db, publicId);
  const due = reader && (await loadAsDue(db, reader.id));
  if (!due || reader.status !== 'confirmed' || due.suppressed) return null;
  const welcomeDueAt = await findWelcomeDueAt(db, reader.id);
  const { edition, slot } = nextSlotFacts(ctx, { reader, due, welcomeDueAt, suppression: null });
  if (edition === null || !slot || edition.startsWith('welcome:')) return null;
  const [found] = await findEditions(db, [edition]);
  const cancelled = found?.state === 'cancelled';
  const chosen = cancelled ? null : await foreseeFor(ctx, edition, reader.id);
  const note = (await loadNotes(db, [edition])).get(edition);
  const mail = { publicId, email: '', language: reader.language, keyId: 0, datedAt: ctx.now() };
  const wordings = wordingsOf(await loadWishes(db, reader.id));
  const sample = chosen && { ...sampleOf(chosen, note?.words[reader.language] ?? null), wordings };
  const unmatched = await loadUnmatchedInterests(db);
  return {
    ...{ edition, slotAt: slot.at, cancelled, newsletter: sample && (await loadSampleInput(db, sample, mail)) },
    waits: !cancelled && due.interests.some((id) => unmatched.has(Math.abs(id))),
  };
}

/** Wishes as the reader wrote them, by kind and key. */
function wordingsOf(wishes: readonly Wish[]): Record<string, string> {
  const words = wishes.filter(({ kind }) => kind === 'words');
  return Object.fromEntries(words.map((wish) => [`words ${wishKey(wish)}`, wish.text]));
}
