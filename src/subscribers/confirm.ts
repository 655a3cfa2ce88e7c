import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import {
  closeRequests,
  findRequest,
  useRequest,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { forgetStanding } from '../db/feedback/standings.ts';
import { addConsent } from '../db/subscribers/consents.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import {
  changeSubscriber,
  findSubscriber,
  lockMailbox,
  lockSubscriber,
  replaceWishes,
} from '../db/subscribers/subscribers.ts';
import { findSuppression, removeSuppression } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { mailboxHash } from '../model/address.ts';
import { nextDue } from '../plan/due.ts';
import { askAddress, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { confirmWording, plainIp, trimmedAgent, type Visitor } from './consent.ts';
import { askToMove, moveAddress } from './change-address.ts';
import { requestOf } from './request-of.ts';
import { takeOver } from './take-over.ts';
import { preferencesOf } from './preferences.ts';
import { settledPreferences } from './asked-preferences.ts';
import type { Wishes } from './sign-up.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { mayStillAsk } from '../model/suppression.ts';

/** What became of a press on the button of the confirmation page. */
export type ConfirmOutcome =
  | { outcome: 'confirmed'; nextDueAt: Date; subscriber: Subscriber }
  /** The reader's address is now the new one. */
  | { outcome: 'moved'; subscriber: Subscriber }
  /** The reader's settings are those of the form they filled in again. */
  | { outcome: 'taken-over'; subscriber: Subscriber }
  /** That form was filled in once more since the page was opened: nothing was changed. */
  | { outcome: 'newer' }
  | { outcome: 'already'; subscriber: Subscriber }
  | { outcome: 'expired' }
  /** Nothing may be sent to the address, or somebody else reads there. */
  | { outcome: 'closed' }
  | { outcome: 'unknown' };

/**
 * Confirms a sign-up, or a change of address. The link works once, for 48 hours. Raises the generation of the reader's
 * links, so that an old forwarded mail cannot undo a new consent, and lifts an erasure's suppression, no other. Of a
 * reader who filled in the form again it takes over what they asked for.
 */
export async function confirm(
  ctx: Context,
  token: string,
  from: Visitor,
  options: { latest?: boolean; shown?: string } = {},
): Promise<ConfirmOutcome> {
  const found = await requestOf(ctx, ctx.db, token, 'confirm');
  if (!found) return { outcome: 'unknown' };
  return transaction(ctx.db, async (tx): Promise<ConfirmOutcome> => {
    if (found.newEmail) await lockMailbox(tx, mailboxHash(ctx.keys.suppression, found.newEmail));
    const subscriber = await lockSubscriber(tx, found.subscriberPublicId);
    const request = await findRequest(tx, found.publicId);
    if (!subscriber || !request) return { outcome: 'unknown' };
    if (request.usedAt)
      return subscriber.status === 'confirmed' ? { outcome: 'already', subscriber } : { outcome: 'expired' };
    if (request.expiresAt <= ctx.now()) return { outcome: 'expired' };
    if (request.newEmail) return moveAddress(ctx, tx, subscriber, request, request.newEmail, from);
    if (subscriber.status === 'confirmed') return takeOver(ctx, tx, subscriber, request, options.shown);
    if (!(await liftErasure(tx, subscriber))) return { outcome: 'closed' };
    return admit(ctx, tx, subscriber, request, from, options.latest ?? true);
  });
}

/** Sends a new link in place of an expired one, within the limits per address. */
export async function renewConfirmation(ctx: Context, token: string): Promise<{ outcome: 'renewed' | 'unknown' }> {
  const request = await requestOf(ctx, ctx.db, token, 'confirm');
  if (!request || request.usedAt) return { outcome: 'unknown' }; // answered or withdrawn: nothing to renew
  await transaction(ctx.db, async (tx) => {
    const email = request.newEmail ?? (await findSubscriber(tx, request.subscriberPublicId))?.email;
    if (email === undefined) return;
    const mailbox = mailboxHash(ctx.keys.suppression, email);
    await lockMailbox(tx, mailbox); // before the row, as a sign-up does: two that wait for each other would both end
    const subscriber = await lockSubscriber(tx, request.subscriberPublicId);
    if (!subscriber || (subscriber.status === 'confirmed' && !request.newEmail)) return;
    if (!(await mayAsk(tx, mailbox, ctx.now()))) return;
    if (request.newEmail) return askToMove(ctx, tx, subscriber, email);
    if (await isClosed(ctx, tx, email, subscriber.confirmedAt !== null)) return;
    const signUp = request.signUp as Wishes | null;
    await askAddress(ctx, tx, { subscriber, email, ...(signUp ? { signUp } : {}) });
  });
  return { outcome: 'renewed' };
}

/** Returns false where the address may not be mailed for a reason that only an admin lifts. */
async function liftErasure(tx: Tx, subscriber: Subscriber): Promise<boolean> {
  const suppressed = await findSuppression(tx, subscriber.addressHash);
  if (suppressed === 'erased') await removeSuppression(tx, subscriber.addressHash, ['erased']);
  await forgetStanding(tx, subscriber.addressHash);
  return mayStillAsk(suppressed);
}

async function admit(
  ctx: Context,
  tx: Tx,
  subscriber: Subscriber,
  request: ConfirmationRequest,
  from: Visitor,
  latest: boolean,
): Promise<ConfirmOutcome> {
  const now = ctx.now();
  const changed = await watchReader(tx, subscriber.id, { wishes: true });
  await useRequest(tx, request.id, now);
  await closeRequests(tx, subscriber.id, now);
  const asked = request.signUp as Wishes | null;
  if (asked) await replaceWishes(tx, subscriber.id, asked.wishes, now);
  const preferences = preferencesOf(asked ? settledPreferences(asked.preferences, subscriber) : subscriber);
  const { language } = preferences;
  const nextDueAt = nextDue(preferences, now, subscriber.lastSlotOn);
  const admitted = await changeSubscriber(tx, subscriber.id, {
    ...preferences,
    status: 'confirmed',
    generation: subscriber.generation + 1,
    confirmations: subscriber.confirmations + 1,
    confirmedAt: now,
    unsubscribedAt: null,
    unsubscribeNote: null,
    pausedUntil: null,
    nextDueAt,
    welcomeDueAt: latest ? now : null,
  });
  const words = confirmWording(from.language ?? language, latest ? 'latest' : 'next');
  const evidence = { ...words, source: 'link', ip: plainIp(from.ip), userAgent: trimmedAgent(from.userAgent), at: now };
  await addConsent(tx, subscriber.id, { step: 'confirm', ...evidence });
  const entry = { at: now, actor: 'reader', action: 'confirm', subject: subscriber.publicId } as const;
  await recordAct(tx, { ...entry, ...(await changed()) });
  await announce(ctx, tx, 'subscriber.confirmed', { subscriber: subscriber.publicId });
  await ctx.queue.wake('match', tx);
  await ctx.queue.wake('plan', tx);
  return { outcome: 'confirmed', nextDueAt, subscriber: admitted };
}
