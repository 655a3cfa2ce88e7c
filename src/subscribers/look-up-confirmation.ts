import type { Context } from '../context.ts';
import { findQuestionMail } from '../db/ledger/deliveries.ts';
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
  | { state: 'expired'; kind: QuestionKind; subscriber: Subscriber }
  /** «Not me» was pressed at the address; it can be taken back. */
  | { state: 'declined'; kind: QuestionKind; subscriber: Subscriber; email: string }
  /** They have left since, and the question came to where they read last. */
  | { state: 'left'; subscriber: Subscriber }
  /** Nothing may be sent to the address, or somebody reads there already. */
  | { state: 'closed'; subscriber: Subscriber; email: string }
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
  const kind = kindOf(request, subscriber);
  const expired = request.expiresAt <= ctx.now();
  if (expired && kind === 'take-over') return { state: 'lapsed', subscriber };
  const open =
    kind === 'new-address'
      ? await isFree(ctx, ctx.db, email)
      : !(await isClosed(ctx, ctx.db, email, subscriber.confirmedAt !== null));
  if (!open) return { state: 'closed', subscriber, email };
  if (expired) return { state: 'expired', kind, subscriber };
  const asked = (request.signUp as Wishes | null) ?? null;
  return { state: 'open', kind, subscriber, email, asked, shown: shownAs(request) };
}

function kindOf({ newEmail }: ConfirmationRequest, { status }: Subscriber): QuestionKind {
  if (newEmail !== null) return 'new-address';
  return status === 'confirmed' ? 'take-over' : 'sign-up';
}

/**
 * What a link shows whose question was answered, or withdrawn. Whoever got its mail may be somebody else by now: what
 * opens settings, or names an address, is for the mailbox it went to alone.
 */
async function answeredView(
  ctx: Context,
  request: ConfirmationRequest,
  subscriber: Subscriber,
): Promise<ConfirmationView> {
  const mail = await findQuestionMail(ctx.db, request);
  const isTheirs = mail?.email === subscriber.email;
  const email = request.newEmail ?? (isTheirs ? subscriber.email : null);
  if (email !== null && (await isDeclined(ctx, ctx.db, email)))
    return { state: 'declined', kind: kindOf(request, subscriber), subscriber, email };
  if (subscriber.status === 'pending') return { state: 'unknown' };
  const isOfLastConsent = mail !== null && mail.generation + 1 >= subscriber.generation; // an answer raises it by one
  if (subscriber.status === 'unsubscribed' && isTheirs && isOfLastConsent) return { state: 'left', subscriber };
  return { state: 'already', subscriber };
}
