import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import {
  closeRequests,
  countAddressQuestions,
  useRequest,
  waitsForMove,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { addConsent } from '../db/subscribers/consents.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { changeSubscriber, findSubscriberByEmail, lockMailbox, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { findSuppression, removeSuppression } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { endedBy } from '../model/mail-kind.ts';
import { COOL_DOWN_MINUTES, keepQuestion, mailQuestion, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { confirmWording, plainIp, trimmedAgent, type Visitor } from './consent.ts';
import { deletePerson } from './delete-person.ts';
import { readerOf } from './reader-of.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { mayStillAsk } from '../model/suppression.ts';

/** What became of a wish to move to another address. The same whether the new address is known here or not. */
export type ChangeAddressOutcome = { outcome: 'asked' } | { outcome: 'same' } | { outcome: 'unknown' };

const DAY_MS = 86_400_000;
/** Addresses one reader may have asked in a day, so that a link is no way to mail strangers. */
const QUESTIONS_A_DAY = 5;

/**
 * Asks a new address (canonical) whether it wants the reader's newsletter, and tells the present one; nothing changes
 * until it answers.
 */
export async function changeAddress(ctx: Context, token: string, email: string): Promise<ChangeAddressOutcome> {
  const reader = await readerOf(ctx, ctx.db, 'preferences', token);
  if (!reader) return { outcome: 'unknown' };
  if (reader.email === email) return { outcome: 'same' };
  await transaction(ctx.db, async (tx) => {
    await lockMailbox(tx, mailboxHash(ctx.keys.suppression, email));
    const now = ctx.now();
    const ago = (ms: number) => new Date(now.getTime() - ms);
    // Pressed again: the mail is on its way. Whether it may go is no matter here: that would tell who reads there.
    if (await waitsForMove(tx, reader.id, email, ago(COOL_DOWN_MINUTES * 60_000))) return;
    if ((await countAddressQuestions(tx, reader.id, ago(DAY_MS))) >= QUESTIONS_A_DAY) return;
    // The newest wish counts; what asked the same before may be the one whose mail has come.
    await closeRequests(tx, reader.id, now, { except: email });
    await askToMove(ctx, tx, reader, email);
  });
  return { outcome: 'asked' };
}

/**
 * Keeps the wish to move, tells the reader's present address, and asks the new one, where it may be asked. The present
 * one is told in any case: else a reader could find out who else reads here. The caller holds the lock of the new
 * mailbox.
 */
export async function askToMove(ctx: Context, tx: Tx, reader: Subscriber, email: string): Promise<void> {
  const asked = { subscriber: reader, email, newEmail: email };
  const question = await keepQuestion(ctx, tx, asked);
  const holder = await findSubscriberByEmail(tx, email);
  const closed = holder?.status === 'confirmed' || (await isClosed(ctx, tx, email, holder?.confirmedAt != null));
  if (!closed && (await mayAsk(tx, mailboxHash(ctx.keys.suppression, email), ctx.now()))) {
    await mailQuestion(ctx, tx, asked, question);
  }
  const about = { key: question.publicId, requestId: question.id };
  await planNotice(tx, ctx.keys, { kind: 'moving', payload: null, ...about, to: reader }, ctx.now());
  await ctx.queue.wake('deliver', tx);
}

/** Moves a reader to the address that has just answered. The caller holds the lock of its mailbox. */
export async function moveAddress(
  ctx: Context,
  tx: Tx,
  subscriber: Subscriber,
  request: ConfirmationRequest,
  email: string,
  from: Visitor,
): Promise<{ outcome: 'moved'; subscriber: Subscriber } | { outcome: 'closed' }> {
  const now = ctx.now();
  if (!(await makeWay(ctx, tx, email))) return { outcome: 'closed' };
  await useRequest(tx, request.id, now);
  await closeRequests(tx, subscriber.id, now);
  await cancelDeliveries(tx, subscriber.id, 'address_changed', now, endedBy('move'));
  // A new confirmation: links in mails to the old address no longer open anything.
  const moved = await changeSubscriber(tx, subscriber.id, {
    email,
    addressHash: addressHash(ctx.keys.suppression, email),
    generation: subscriber.generation + 1,
  });
  const words = confirmWording(from.language ?? subscriber.language, 'move');
  const evidence = { ...words, source: 'link', ip: plainIp(from.ip), userAgent: trimmedAgent(from.userAgent), at: now };
  await addConsent(tx, subscriber.id, { step: 'change', ...evidence });
  await recordAct(tx, { at: now, actor: 'reader', action: 'change-address', subject: subscriber.publicId });
  await announce(ctx, tx, 'subscriber.changed', { subscriber: subscriber.publicId });
  return { outcome: 'moved', subscriber: moved };
}

/**
 * Frees an address for a reader who moves there: whoever held it without confirming gives way; false where it is
 * suppressed or read at.
 */
export async function makeWay(ctx: Context, tx: Tx, email: string): Promise<boolean> {
  if (!(await isFree(ctx, tx, email))) return false;
  const hash = addressHash(ctx.keys.suppression, email);
  const suppressed = await findSuppression(tx, hash);
  const holder = await findSubscriberByEmail(tx, email);
  if (suppressed === 'erased') await removeSuppression(tx, hash, ['erased']);
  const locked = holder && (await lockSubscriber(tx, holder.publicId));
  if (locked) {
    await deletePerson(tx, locked, 'address_changed', ctx.now());
    await recordAct(tx, { at: ctx.now(), actor: 'reader', action: 'forget', subject: locked.publicId });
    await announce(ctx, tx, 'subscriber.erased', { subscriber: locked.publicId });
  }
  return true;
}

/** Tells whether a reader could move to an address now: it is not suppressed, and nobody reads there. */
export async function isFree(ctx: Context, db: Tx, email: string): Promise<boolean> {
  if (!mayStillAsk(await findSuppression(db, addressHash(ctx.keys.suppression, email)))) return false;
  return (await findSubscriberByEmail(db, email))?.status !== 'confirmed';
}
