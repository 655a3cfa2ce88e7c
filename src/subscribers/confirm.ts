import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import {
  closeRequests,
  findRequest,
  useRequest,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { addConsent } from '../db/subscribers/consents.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import {
  changeSubscriber,
  findSubscriber,
  lockMailbox,
  lockSubscriber,
  replaceWishes,
} from '../db/subscribers/subscribers.ts';
import { addSuppression, findSuppression, removeSuppression } from '../db/subscribers/suppressions.ts';
import type { TokenPurpose } from '../links/tokens.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { endedBy } from '../model/mail-kind.ts';
import { nextDue } from '../plan/due.ts';
import { askAddress, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { confirmWording, plainIp, trimmedAgent, type Visitor } from './consent.ts';
import { askToMove, moveAddress } from './change-address.ts';
import { claimOf } from './reader-of.ts';
import { preferencesOf } from './preferences.ts';
import { settledPreferences, type Wishes } from './sign-up.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { mayStillAsk } from '../model/suppression.ts';

/** What became of a press on the button of the confirmation page. */
export type ConfirmOutcome =
  | { outcome: 'confirmed'; nextDueAt: Date; subscriber: Subscriber }
  /** The reader's address is now the new one. */
  | { outcome: 'moved'; subscriber: Subscriber }
  | { outcome: 'already'; subscriber: Subscriber }
  | { outcome: 'expired' }
  | { outcome: 'unknown' };

/** What the page of a confirmation link shows before anything is pressed. */
export type ConfirmationView =
  | { state: 'open'; kind: 'sign-up' | 'new-address'; subscriber: Subscriber; asked: Wishes | null }
  | { state: 'already'; subscriber: Subscriber }
  | { state: 'expired' }
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
  if (request.usedAt)
    return subscriber.status === 'confirmed' ? { state: 'already', subscriber } : { state: 'expired' };
  if (request.expiresAt <= ctx.now()) return { state: 'expired' };
  const asked = (request.signUp as Wishes | null) ?? null;
  return { state: 'open', kind: request.newEmail ? 'new-address' : 'sign-up', subscriber, asked };
}

/**
 * Confirms a sign-up, or a change of address. The link works once, for 48 hours. Raises the generation of the reader's
 * links, so that an old forwarded mail cannot undo a new consent, and lifts an erasure's suppression, no other.
 */
export async function confirm(
  ctx: Context,
  token: string,
  from: Visitor,
  options: { latest?: boolean } = {},
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
    if (!(await liftErasure(tx, subscriber))) return { outcome: 'unknown' };
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

/**
 * «Not me, never again»: withdraws the question and suppresses the address it went to; no alias of its mailbox is asked
 * any more.
 */
export async function declineConfirmation(
  ctx: Context,
  token: string,
): Promise<{ outcome: 'declined' | 'already' | 'unknown' }> {
  const found = await requestOf(ctx, ctx.db, token, 'decline');
  if (!found) return { outcome: 'unknown' };
  return transaction(ctx.db, async (tx) => {
    const subscriber = await lockSubscriber(tx, found.subscriberPublicId);
    const request = await findRequest(tx, found.publicId);
    if (!subscriber || !request) return { outcome: 'unknown' };
    if (request.usedAt) return { outcome: 'already' }; // answered or withdrawn: an old mail decides nothing
    const now = ctx.now();
    const email = found.newEmail ?? subscriber.email;
    const declined = { reason: 'manual', note: 'declined a confirmation', at: now } as const;
    const changed = await addSuppression(tx, { addressHash: addressHash(ctx.keys.suppression, email), ...declined });
    const note = `${declined.note}: questions to any alias of that mailbox`;
    await addSuppression(tx, { ...declined, addressHash: mailboxHash(ctx.keys.suppression, email), note });
    await closeRequests(tx, subscriber.id, now);
    await cancelDeliveries(tx, subscriber.id, 'declined', now, endedBy('decline'));
    await recordAct(tx, { at: now, actor: 'reader', action: 'decline', subject: subscriber.publicId });
    return { outcome: changed ? 'declined' : 'already' };
  });
}

async function requestOf(
  ctx: Context,
  db: Tx,
  token: string,
  purpose: TokenPurpose,
): Promise<ConfirmationRequest | null> {
  const claim = await claimOf(ctx, db, purpose, token);
  return claim ? findRequest(db, claim.subject) : null;
}

/** Returns false where the address may not be mailed for a reason that only an admin lifts. */
async function liftErasure(tx: Tx, subscriber: Subscriber): Promise<boolean> {
  const suppressed = await findSuppression(tx, subscriber.addressHash);
  if (suppressed === 'erased') await removeSuppression(tx, subscriber.addressHash, ['erased']);
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
  await recordAct(tx, { at: now, actor: 'reader', action: 'confirm', subject: subscriber.publicId });
  await ctx.queue.wake('match', tx);
  await ctx.queue.wake('plan', tx);
  return { outcome: 'confirmed', nextDueAt, subscriber: admitted };
}
