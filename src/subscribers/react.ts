import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findReaction, setReaction } from '../db/interests/reactions.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import { loadWishes, replaceWishes } from '../db/subscribers/subscribers.ts';
import { findPaperTitle } from '../db/digests/paper-texts.ts';
import { recordAct } from '../db/operator/audit.ts';
import { announce } from '../hooks/announce.ts';
import { asksForNothing, interestKey, MAX_INTEREST_LENGTH, MAX_INTERESTS } from '../model/interest.ts';
import { tidy } from '../model/wish-lines.ts';
import { readerOf } from './reader-of.ts';
import type { ReactionKind } from '../model/reaction.ts';
import type { Actor } from '../model/actor.ts';
import type { Subscriber } from '../model/subscriber.ts';

/** A paper and what the reader said of it. */
export interface ReactionView {
  title: string;
  paperPublicId: string;
  reaction: ReactionKind | null;
}

export type ReactOutcome = ({ outcome: 'changed' | 'unchanged' } & ReactionView) | { outcome: 'unknown' };

export type MuteOutcome =
  | { outcome: 'muted' | 'unmuted' | 'unchanged'; word: string }
  /** They ask for as much as can be kept. */
  | { outcome: 'full'; most: number; reader: Subscriber }
  | { outcome: 'bad-word' }
  | { outcome: 'unknown' };

/** Looks at a reaction link, changing nothing; null where link or paper are unknown. */
export async function lookUpReaction(ctx: Context, token: string, paperPublicId: string): Promise<ReactionView | null> {
  const reader = await readerOf(ctx, ctx.db, 'react', token);
  const paper = reader && (await findPaperTitle(ctx.db, paperPublicId));
  if (!reader || !paper) return null;
  return { title: paper.title, paperPublicId, reaction: await findReaction(ctx.db, reader.id, paper.id) };
}

/** Keeps «more like this» or «less like this»; null takes it back. */
export async function react(
  ctx: Context,
  token: string,
  paperPublicId: string,
  kind: ReactionKind | null,
): Promise<ReactOutcome> {
  return transaction(ctx.db, async (tx): Promise<ReactOutcome> => {
    const reader = await readerOf(ctx, tx, 'react', token);
    const paper = reader && (await findPaperTitle(tx, paperPublicId));
    if (!reader || !paper) return { outcome: 'unknown' };
    const changed = await setReaction(tx, { subscriberId: reader.id, paperId: paper.id, kind, at: ctx.now() });
    return { outcome: changed ? 'changed' : 'unchanged', title: paper.title, paperPublicId, reaction: kind };
  });
}

/** Mutes a word or phrase for a reader, or with `muted: false` lets it through again. */
export async function muteWord(
  ctx: Context,
  token: string,
  word: string,
  options: { muted?: boolean; actor?: Actor } = {},
): Promise<MuteOutcome> {
  const text = tidy(word);
  const key = interestKey('words', text);
  if (key === '' || asksForNothing(text) || text.length > MAX_INTEREST_LENGTH) return { outcome: 'bad-word' };
  return transaction(ctx.db, async (tx): Promise<MuteOutcome> => {
    const reader = await readerOf(ctx, tx, 'react', token, { lock: true });
    if (!reader) return { outcome: 'unknown' };
    const now = ctx.now();
    const wishes = await loadWishes(tx, reader.id);
    const others = wishes.filter(
      (wish) => !(wish.muted && wish.kind === 'words' && interestKey('words', wish.text) === key),
    );
    const wanted = options.muted ?? true;
    if (wanted === others.length < wishes.length) return { outcome: 'unchanged', word: text };
    if (wanted && others.length >= MAX_INTERESTS) return { outcome: 'full', most: MAX_INTERESTS, reader };
    const changed = await watchReader(tx, reader.id, { wishes: true });
    await replaceWishes(tx, reader.id, wanted ? [...others, { kind: 'words', text, muted: true }] : others, now);
    await recordAct(tx, {
      at: now,
      actor: options.actor ?? 'reader',
      action: wanted ? 'mute' : 'unmute',
      subject: reader.publicId,
      ...(await changed()),
    });
    await announce(ctx, tx, 'subscriber.changed', { subscriber: reader.publicId });
    await ctx.queue.wake('match', tx);
    return { outcome: wanted ? 'muted' : 'unmuted', word: text };
  });
}
