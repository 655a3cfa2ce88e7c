import type { Context } from '../context.ts';
import type { ConfirmationRequest } from '../db/subscribers/confirmation-requests.ts';
import { findSubscriber } from '../db/subscribers/subscribers.ts';
import type { TokenPurpose } from '../links/tokens.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { isFree } from './change-address.ts';
import { isClosed } from './closed.ts';
import { isDeclined } from './decline.ts';
import { requestOf } from './request-of.ts';
import type { Wishes } from './sign-up.ts';
import { shownAs } from './take-over.ts';

/** What an open question asks: to read here, to read at another address, or to take over a form filled in again. */
export type QuestionKind = 'sign-up' | 'new-address' | 'take-over';

/** What the page of a confirmation link shows before anything is pressed; it promises nothing that cannot be done. */
export type ConfirmationView =
  /** `shown` names what was asked for as it is now. */
  | { state: 'open'; kind: QuestionKind; subscriber: Subscriber; email: string; asked: Wishes | null; shown: string }
  | { state: 'already'; subscriber: Subscriber }
  /** A form filled in again was not taken over in time. */
  | { state: 'lapsed'; subscriber: Subscriber }
  /** A fresh link can be sent. */
  | { state: 'expired'; subscriber: Subscriber }
  /** «Not me» was pressed; it can be taken back. */
  | { state: 'declined'; subscriber: Subscriber }
  /** They confirmed, and have left since. */
  | { state: 'left'; subscriber: Subscriber }
  /** Nothing may be sent to the address, or somebody reads there already. */
  | { state: 'closed'; subscriber: Subscriber }
  | { state: 'unknown' };

/** Looks at a confirmation link, changing nothing. */
export async function lookUpConfirmation(
  ctx: Context,
  token: string,
  purpose: TokenPurpose = 'confirm',
): Promise<ConfirmationView> {
  const request = await requestOf(ctx, ctx.db, token, purpose);
  const subscriber = request && (await findSubscriber(ctx.db, request.subscriberPublicId));
  if (!request || !subscriber) return { state: 'unknown' };
  if (request.usedAt) return answeredView(ctx, request, subscriber);
  const email = request.newEmail ?? subscriber.email;
  const kind = request.newEmail ? 'new-address' : subscriber.status === 'confirmed' ? 'take-over' : 'sign-up';
  const expired = request.expiresAt <= ctx.now();
  if (expired && kind === 'take-over') return { state: 'lapsed', subscriber };
  const open =
    kind === 'new-address'
      ? await isFree(ctx, ctx.db, email)
      : !(await isClosed(ctx, ctx.db, email, subscriber.confirmedAt !== null));
  if (!open) return { state: 'closed', subscriber };
  if (expired) return { state: 'expired', subscriber };
  const asked = (request.signUp as Wishes | null) ?? null;
  return { state: 'open', kind, subscriber, email, asked, shown: shownAs(request) };
}

/** What a link shows whose question was answered, or withdrawn. */
async function answeredView(
  ctx: Context,
  request: ConfirmationRequest,
  subscriber: Subscriber,
): Promise<ConfirmationView> {
  if (await isDeclined(ctx, ctx.db, request.newEmail ?? subscriber.email)) return { state: 'declined', subscriber };
  if (subscriber.status === 'confirmed') return { state: 'already', subscriber };
  return subscriber.status === 'unsubscribed' ? { state: 'left', subscriber } : { state: 'unknown' };
}
