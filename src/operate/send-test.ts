import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { loadNotes } from '../db/newsletters/edition-notes.ts';
import { sampleOfNewsletter } from '../db/newsletters/sample-input.ts';
import { findAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { findSubscriber } from '../db/subscribers/subscribers.ts';
import { newPublicId } from '../lib/public-id.ts';
import { languages } from '../lib/strings.ts';
import type { Actor } from '../model/actor.ts';
import { isEdition } from '../model/edition.ts';
import type { Sample } from '../model/sample.ts';
import { foreseeFor, foreseeForAnybody } from '../plan/load-foreseen.ts';
import type { Chosen } from '../plan/load-chosen.ts';

/** A test that is wanted. */
export interface TestWish {
  edition: string;
  /** As whom: public id of a newsletter of the edition, or of a reader; left out: somebody who asked for nothing. */
  as?: string | undefined;
  language: string;
  /** Canonical; an admin's, or ADMIN_EMAIL. */
  to: string;
}

/**
 * Mails an edition's newsletter, composed as for a reader or for somebody invented, to an admin. It shows nobody
 * anything, bears no link that acts for a reader, and counts for nothing. `nothing`: no paper is there for it ·
 * `stranger`: the address is no admin's · `unknown`: there is no such edition, newsletter or reader.
 */
export async function sendTest(
  ctx: Context,
  wish: TestWish,
  by: Actor,
): Promise<{ outcome: 'sent' | 'nothing' | 'stranger' | 'unknown' }> {
  const { edition, to } = wish;
  const language = languages().includes(wish.language) ? wish.language : (languages()[0] ?? '');
  if (to !== ctx.config.ADMIN_EMAIL && !(await findAdmin(ctx.db, to))) return { outcome: 'stranger' };
  const sample = await sampleFor(ctx, { ...wish, language });
  if (typeof sample === 'string') return { outcome: sample };
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const whom = { id: null, email: to, language, generation: 0 };
    const notice = { kind: 'test', payload: { sample }, key: newPublicId(), to: whom } as const;
    await planNotice(tx, ctx.keys, notice, now);
    await recordAct(tx, { at: now, actor: by, action: 'edition.test', subject: edition, detail: { admin: to } });
    await ctx.queue.wake('deliver', tx);
    return { outcome: 'sent' };
  });
}

/** A newsletter that is planned has a UUID. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function sampleFor(ctx: Context, { edition, as, language }: TestWish): Promise<Sample | 'nothing' | 'unknown'> {
  if (!isEdition(edition)) return 'unknown';
  if (as !== undefined && UUID.test(as))
    return (await sampleOfNewsletter(ctx.db, { edition, publicId: as, language })) ?? 'unknown';
  if (edition.startsWith('welcome:')) return 'unknown';
  const reader = as === undefined ? null : await findSubscriber(ctx.db, as);
  if (as !== undefined && !reader) return 'unknown';
  const chosen = reader ? await foreseeFor(ctx, edition, reader.id) : await foreseeForAnybody(ctx, edition);
  if (!chosen) return 'nothing';
  const note = (await loadNotes(ctx.db, [edition])).get(edition);
  return sampleOf(chosen, note?.words[language] ?? null);
}

/** Makes a sample of what was chosen, with what the editor says in its language. */
export function sampleOf(chosen: Chosen, editorNote: string | null): Sample {
  const { editionKey, issuedOn, entryIds, matchIds, upvotes, comments, trendingIds } = chosen;
  const { moverIds = [], moverRises = [], likedIds = null, pickedIds = null, consideredCount, moreCount } = chosen;
  const { perhapsIds = null, perhapsMatchIds = null } = chosen;
  return {
    ...{ edition: editionKey, issuedOn, entryIds, matchIds, upvotes, comments, trendingIds, moverIds, moverRises },
    ...{ likedIds, pickedIds, perhapsIds, perhapsMatchIds, consideredCount, moreCount, editorNote, wordings: null },
    dayLine: (chosen.dayLine ?? null) as Sample['dayLine'],
  };
}
