import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { loadWishes, lockSubscriber } from '../db/subscribers/subscribers.ts';
import type { Actor } from '../model/actor.ts';
import { MAX_INTERESTS, type Wish } from '../model/interest.ts';
import { applyWishes, preferencesOf } from './preferences.ts';

/**
 * Changes what a reader asked for, and leaves their schedule; tells whether anything changed. More than they may ask
 * for is not given to them.
 */
export async function changeWishes(
  ctx: Context,
  publicId: string,
  decide: (held: readonly Wish[]) => Wish[],
  actor: Actor,
): Promise<boolean> {
  return transaction(ctx.db, async (tx) => {
    const reader = await lockSubscriber(tx, publicId);
    if (!reader) return false;
    const wishes = decide(await loadWishes(tx, reader.id));
    if (wishes.length > MAX_INTERESTS) return false;
    const { outcome } = await applyWishes(ctx, tx, reader, { wishes, preferences: preferencesOf(reader) }, actor);
    return outcome === 'changed';
  });
}
