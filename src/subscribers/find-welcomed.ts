import type { Context } from '../context.ts';
import { findSubscriber } from '../db/subscribers/subscribers.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { requestOf } from './request-of.ts';

/** How long the page after confirming may show the first newsletter: links are forwarded, and it tells what is read. */
const SHOWN_MS = 3_600_000;

/** Finds the reader who confirmed with a link a short while ago; null where nobody did. */
export async function findWelcomedBy(ctx: Context, token: string): Promise<Subscriber | null> {
  const request = await requestOf(ctx, ctx.db, token, 'confirm');
  if (!request?.usedAt || ctx.now().getTime() - request.usedAt.getTime() > SHOWN_MS) return null;
  const subscriber = await findSubscriber(ctx.db, request.subscriberPublicId);
  return subscriber?.status === 'confirmed' && !request.newEmail ? subscriber : null;
}
