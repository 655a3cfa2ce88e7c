import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findListedSubscriber, type ListedSubscriber } from '../db/subscribers/list.ts';
import { lockSubscriber } from '../db/subscribers/subscribers.ts';
import type { Actor } from '../model/actor.ts';
import { applyWishes, type ChangeOutcome } from './preferences.ts';
import type { Wishes } from './sign-up.ts';

/**
 * Changes a reader's interests and schedule for somebody else than them. `decide` sees the reader as they are while
 * nobody else can change them, and says what they are to have; what it throws changes nothing. Returns the reader as
 * they are then.
 */
export async function changeReader(
  ctx: Context,
  publicId: string,
  decide: (reader: ListedSubscriber) => Wishes,
  by: { actor: Actor },
): Promise<{ outcome: ChangeOutcome['outcome']; reader: ListedSubscriber | null }> {
  return transaction(ctx.db, async (tx) => {
    const locked = await lockSubscriber(tx, publicId);
    const listed = locked && (await findListedSubscriber(tx, publicId));
    if (!locked || !listed) return { outcome: 'unknown', reader: null };
    const { outcome } = await applyWishes(ctx, tx, locked, decide(listed), by.actor);
    return { outcome, reader: outcome === 'changed' ? await findListedSubscriber(tx, publicId) : listed };
  });
}
