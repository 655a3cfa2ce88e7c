import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findPaperTitle } from '../db/digests/paper-texts.ts';
import { setReaction } from '../db/interests/reactions.ts';
import { recordAct } from '../db/operator/audit.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import { loadWishes, replaceWishes } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import type { Actor } from '../model/actor.ts';
import { wishKey } from '../model/interest.ts';
import { readerOf } from './reader-of.ts';

/** What became of taking something back on a page of settings; `name` is the paper's title, or the muted words. */
export type TakeBackOutcome = { outcome: 'taken-back' | 'nothing'; name: string } | { outcome: 'unknown' };

/** Takes back what a reader said of a paper, by the link to their settings. */
export async function takeBackReaction(ctx: Context, token: string, paperPublicId: string): Promise<TakeBackOutcome> {
  return transaction(ctx.db, async (tx): Promise<TakeBackOutcome> => {
    const reader = await readerOf(ctx, tx, 'preferences', token);
    if (!reader) return { outcome: 'unknown' };
    const paper = await findPaperTitle(tx, paperPublicId);
    if (!paper) return { outcome: 'nothing', name: '' };
    const changed = await setReaction(tx, { subscriberId: reader.id, paperId: paper.id, kind: null, at: ctx.now() });
    return { outcome: changed ? 'taken-back' : 'nothing', name: paper.title };
  });
}

/** Lets muted words, or another muted wish, through again, by the link to a reader's settings. */
export async function takeBackMute(
  ctx: Context,
  token: string,
  muted: { kind: string; text: string },
  by: { actor: Actor },
): Promise<TakeBackOutcome> {
  return transaction(ctx.db, async (tx): Promise<TakeBackOutcome> => {
    const reader = await readerOf(ctx, tx, 'preferences', token, { lock: true });
    if (!reader) return { outcome: 'unknown' };
    const wishes = await loadWishes(tx, reader.id);
    const isIt = (wish: (typeof wishes)[number]) =>
      wish.muted && wish.kind === muted.kind && wishKey(wish) === wishKey({ kind: wish.kind, text: muted.text });
    const others = wishes.filter((wish) => !isIt(wish));
    if (others.length === wishes.length) return { outcome: 'nothing', name: muted.text };
    const now = ctx.now();
    const changed = await watchReader(tx, reader.id, { wishes: true });
    await replaceWishes(tx, reader.id, others, now);
    const entry = { at: now, actor: by.actor, action: 'unmute', subject: reader.publicId } as const;
    await recordAct(tx, { ...entry, ...(await changed()) });
    await announce(ctx, tx, 'subscriber.changed', { subscriber: reader.publicId });
    await ctx.queue.wake('match', tx);
    return { outcome: 'taken-back', name: muted.text };
  });
}
