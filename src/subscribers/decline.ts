import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { transaction } from '../db/client.ts';
import { cancelDeliveries, findQuestionMail } from '../db/ledger/deliveries.ts';
import { recordAct } from '../db/operator/audit.ts';
import {
  closeRequests,
  findRequest,
  reopenRequest,
  wasOvertaken,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { lockSubscriber } from '../db/subscribers/subscribers.ts';
import { addSuppression, findSuppressionNote, removeNoted } from '../db/subscribers/suppressions.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { endedBy } from '../model/mail-kind.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { askAddress, mayAsk } from './ask-address.ts';
import { requestOf } from './request-of.ts';
import type { Wishes } from './sign-up.ts';

/** How the note of a suppression begins that its own address asked for. */
const DECLINED = 'declined a confirmation';

/** What became of «not me, never again»; `moves` where the question was one of a reader who wants to move there. */
export type DeclineOutcome = { outcome: 'declined'; moves: boolean } | { outcome: 'already' } | { outcome: 'unknown' };

/** What became of «that was a mistake»: the question stands again as it was, or is put anew. */
export type UndoDeclineOutcome =
  | { outcome: 'reopened'; subscriber: Subscriber; requestPublicId: string; moves: boolean }
  | { outcome: 'asked' }
  /** Of a move, whose question has run out or does not stand any more: the reader may ask again. */
  | { outcome: 'withdrawn' }
  | { outcome: 'already' }
  | { outcome: 'unknown' };

/**
 * «Not me, never again»: withdraws the question and suppresses the address it went to; no alias of its mailbox is asked
 * any more.
 */
export async function declineConfirmation(ctx: Context, token: string): Promise<DeclineOutcome> {
  const found = await requestOf(ctx, ctx.db, token, 'decline');
  if (!found) return { outcome: 'unknown' };
  return transaction(ctx.db, async (tx): Promise<DeclineOutcome> => {
    const subscriber = await lockSubscriber(tx, found.subscriberPublicId);
    const request = await findRequest(tx, found.publicId);
    if (!subscriber || !request) return { outcome: 'unknown' };
    if (request.usedAt) return { outcome: 'already' }; // answered or withdrawn: an old mail decides nothing
    const now = ctx.now();
    const email = found.newEmail ?? subscriber.email;
    const declined = { reason: 'manual', note: DECLINED, at: now } as const;
    const changed = await addSuppression(tx, { addressHash: addressHash(ctx.keys.suppression, email), ...declined });
    const note = `${DECLINED}: questions to any alias of that mailbox`;
    await addSuppression(tx, { ...declined, addressHash: mailboxHash(ctx.keys.suppression, email), note });
    await closeRequests(tx, subscriber.id, now);
    await cancelDeliveries(tx, subscriber.id, 'declined', now, endedBy('decline'));
    await recordAct(tx, { at: now, actor: 'reader', action: 'decline', subject: subscriber.publicId });
    return changed ? { outcome: 'declined', moves: found.newEmail !== null } : { outcome: 'already' };
  });
}

/** Tells whether «not me, never again» was pressed at an address. */
export async function isDeclined(ctx: Context, db: Tx, email: string): Promise<boolean> {
  return (await findSuppressionNote(db, addressHash(ctx.keys.suppression, email)))?.startsWith(DECLINED) ?? false;
}

/**
 * Takes «not me, never again» back, for who pressed it by mistake: the address may be written to again, and its
 * question waits for an answer as before. One that has run out or was overtaken is put anew where it was a sign-up. A
 * suppression for another reason stays.
 */
export async function undoDecline(ctx: Context, token: string): Promise<UndoDeclineOutcome> {
  const found = await requestOf(ctx, ctx.db, token, 'decline');
  if (!found) return { outcome: 'unknown' };
  return transaction(ctx.db, async (tx): Promise<UndoDeclineOutcome> => {
    const subscriber = await lockSubscriber(tx, found.subscriberPublicId);
    const request = await findRequest(tx, found.publicId);
    if (!subscriber || !request) return { outcome: 'unknown' };
    const email = request.newEmail ?? subscriber.email;
    const mail = await findQuestionMail(tx, request);
    // A link of an address that the reader has moved away from speaks for no other one.
    if (mail?.email !== email || !(await isDeclined(ctx, tx, email))) return { outcome: 'already' };
    const now = ctx.now();
    const mailbox = mailboxHash(ctx.keys.suppression, email);
    for (const hash of [addressHash(ctx.keys.suppression, email), mailbox]) await removeNoted(tx, hash, DECLINED);
    await recordAct(tx, { at: now, actor: 'reader', action: 'undo-decline', subject: subscriber.publicId });
    const moves = request.newEmail !== null;
    if (
      request.expiresAt > now &&
      mail.generation === subscriber.generation &&
      (await stands(tx, request, subscriber))
    ) {
      await reopenRequest(tx, request.id);
      return { outcome: 'reopened', subscriber, requestPublicId: request.publicId, moves };
    }
    if (moves) return { outcome: 'withdrawn' };
    const signUp = request.signUp as Wishes | null;
    if (await mayAsk(tx, mailbox, now)) await askAddress(ctx, tx, { subscriber, email, ...(signUp ? { signUp } : {}) });
    return { outcome: 'asked' };
  });
}

/** Tells whether nothing would have withdrawn a question since «not me»: leaving, keeping the address, another wish. */
async function stands(db: Tx, request: ConfirmationRequest, { unsubscribedAt }: Subscriber): Promise<boolean> {
  const leftSince = unsubscribedAt !== null && unsubscribedAt > (request.usedAt ?? request.createdAt);
  return request.undoneAt === null && !leftSince && !(await wasOvertaken(db, request));
}
