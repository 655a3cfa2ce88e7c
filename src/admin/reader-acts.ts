import type { Context } from '../context.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import type { Actor } from '../model/actor.ts';
import { liftSuppression } from '../operate/lift-suppression.ts';
import { suppress } from '../operate/suppress.ts';
import { erase } from '../subscribers/erase.ts';
import { pause } from '../subscribers/pause.ts';
import { mailTheirLinks, resendConfirmation } from '../subscribers/send-again.ts';
import { undoUnsubscribe, unsubscribe } from '../subscribers/unsubscribe.ts';
import { pauseEnd } from './days.ts';
import type { Saying } from './saying.ts';

/** Who does what to whom. */
interface Doing {
  ctx: Context;
  reader: ListedSubscriber;
  actor: Actor;
  /** The day that the form names; '' for none. */
  until: string;
}

/** What an admin may do for a reader; each returns the key of what is said of it. */
const ACTS: Record<string, (doing: Doing) => Promise<string>> = {
  unsubscribe: async ({ ctx, reader: { publicId }, actor }) =>
    (await unsubscribe(ctx, { publicId }, { actor })).outcome === 'unsubscribed' ? 'unsubscribed' : 'outAlready',
  undo: async ({ ctx, reader: { publicId }, actor }) =>
    (await undoUnsubscribe(ctx, { publicId }, { actor })).outcome === 'restored' ? 'restored' : 'notRestored',
  pause: async ({ ctx, reader: { publicId }, actor, until }) => {
    const at = pauseEnd(until, ctx.now());
    if (!at) return 'untilExpected';
    return (await pause(ctx, { publicId }, at, { actor })).outcome === 'paused' ? 'paused' : 'notReading';
  },
  resume: async ({ ctx, reader: { publicId }, actor }) =>
    (await pause(ctx, { publicId }, null, { actor })).outcome === 'resumed' ? 'resumed' : 'notReading',
  suppress: async ({ ctx, reader: { email }, actor }) => (await suppress(ctx, { email }, actor)).outcome,
  lift: async ({ ctx, reader: { email }, actor }) => (await liftSuppression(ctx, email, actor)).outcome,
  confirmation: async ({ ctx, reader, actor }) =>
    `confirmation.${await resendConfirmation(ctx, reader.publicId, actor)}`,
  links: async ({ ctx, reader, actor }) => `links.${await mailTheirLinks(ctx, reader.publicId, actor)}`,
  erase: async ({ ctx, reader: { email }, actor }) => {
    await erase(ctx, { email }, { actor });
    return 'gone';
  },
};

/** Does for a reader what a button of their page says; returns which page to go back to, and what to say there. */
export async function actOnReader(
  doing: Doing,
  action: string,
  { words }: Saying,
): Promise<{ page: string; said: string }> {
  const page = action === 'erase' ? '/admin/subscribers' : `/admin/subscribers/${doing.reader.publicId}`;
  const act = Object.hasOwn(ACTS, action) ? ACTS[action] : undefined;
  return { page, said: words(`admin.readers.did.${act ? await act(doing) : 'nothing'}`) };
}
