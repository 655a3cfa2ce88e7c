import type { Context } from '../context.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import type { Actor } from '../model/actor.ts';
import { liftSuppression } from '../operate/lift-suppression.ts';
import { suppress } from '../operate/suppress.ts';
import { erase } from '../subscribers/erase.ts';
import { undoUnsubscribe, unsubscribe } from '../subscribers/unsubscribe.ts';

/** What an admin may do for a reader, and what is said of it. */
const ACTS: Record<string, (ctx: Context, reader: ListedSubscriber, actor: Actor) => Promise<string>> = {
  unsubscribe: async (ctx, { publicId }, actor) => {
    const result = await unsubscribe(ctx, { publicId }, { actor });
    if (result.outcome !== 'unsubscribed') return 'Was out already.';
    return `Unsubscribed; ${result.cancelled} planned mails cancelled.`;
  },
  undo: async (ctx, { publicId }, actor) => {
    const { outcome } = await undoUnsubscribe(ctx, { publicId }, { actor });
    return outcome === 'restored' ? 'Subscribed again.' : 'Nothing to take back.';
  },
  suppress: async (ctx, { email }, actor) => {
    const { outcome } = await suppress(ctx, { email }, actor);
    return outcome === 'suppressed' ? 'Suppressed: nothing goes to this address any more.' : 'Was suppressed already.';
  },
  lift: async (ctx, { email }, actor) => {
    const { outcome } = await liftSuppression(ctx, email, actor);
    return outcome === 'lifted' ? 'The suppression is lifted.' : 'Was not suppressed.';
  },
  erase: async (ctx, { email }, actor) => {
    await erase(ctx, { email }, { actor });
    return 'Erased; only a keyed hash stays.';
  },
};

/** Does for a reader what a button of their page says; returns which page to go back to, and what to say there. */
export async function actOnReader(
  ctx: Context,
  reader: ListedSubscriber,
  action: string,
  by: Actor,
): Promise<{ page: string; said: string }> {
  const page = action === 'erase' ? '/admin/subscribers' : `/admin/subscribers/${reader.publicId}`;
  const act = Object.hasOwn(ACTS, action) ? ACTS[action] : undefined;
  return { page, said: act ? await act(ctx, reader, by) : 'No such act.' };
}
