import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import {
  closeRequests,
  findRequest,
  undoRequests,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { changeSubscriber, findSubscriber, lockMailbox, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { endedBy } from '../model/mail-kind.ts';
import { isFree, makeWay } from './change-address.ts';
import { claimOf } from './reader-of.ts';
import type { Subscriber } from '../model/subscriber.ts';

/**
 * How long an old address may take a move back, from the answer of the new one, or from the question while there is
 * none.
 */
export const UNDO_DAYS = 7;

/** What the page of an undo link shows before anything is pressed. */
export type MoveView =
  | { state: 'open'; moved: boolean; oldEmail: string; subscriber: Subscriber }
  | { state: 'already'; oldEmail: string; subscriber: Subscriber }
  /** Too late, or the old address cannot take it back: nothing may go there, or it has a newsletter of its own. */
  | { state: 'ended'; oldEmail: string; subscriber: Subscriber }
  | { state: 'unknown' };

/** What became of a press on its button: `kept` where the new address had not answered yet. */
export type UndoMoveOutcome =
  | { outcome: 'kept' | 'restored' | 'already' | 'ended'; oldEmail: string; subscriber: Subscriber }
  | { outcome: 'unknown' };

/** Looks at an undo link, changing nothing. */
export async function lookUpMove(ctx: Context, token: string): Promise<MoveView> {
  const view = await readMove(ctx, token);
  if (view.state !== 'open' || !view.moved || (await isFree(ctx, ctx.db, view.oldEmail))) return view;
  return { state: 'ended', oldEmail: view.oldEmail, subscriber: view.subscriber };
}

/**
 * Takes a move back, from the address it led away from: open questions are closed, the address is the old one again,
 * whatever moves came after. The generation of the links rises, since somebody else may hold one, and the undo links of
 * later moves are void with it.
 */
export async function undoMove(ctx: Context, token: string): Promise<UndoMoveOutcome> {
  const found = await readMove(ctx, token);
  if (found.state === 'unknown') return { outcome: 'unknown' };
  const { oldEmail } = found;
  if (found.state === 'ended') return { outcome: 'ended', oldEmail, subscriber: found.subscriber };
  const requestPublicId = (await claimOf(ctx, ctx.db, 'undo', token))?.subject ?? '';
  return transaction(ctx.db, async (tx): Promise<UndoMoveOutcome> => {
    await lockMailbox(tx, mailboxHash(ctx.keys.suppression, oldEmail));
    const subscriber = await lockSubscriber(tx, found.subscriber.publicId);
    const request = await findRequest(tx, requestPublicId);
    const view = viewOf(ctx, request, subscriber);
    if (view.state === 'unknown' || !request) return { outcome: 'unknown' };
    if (view.state !== 'open') return { outcome: view.state, oldEmail, subscriber: view.subscriber };
    if (view.moved && !(await makeWay(ctx, tx, oldEmail)))
      return { outcome: 'ended', oldEmail, subscriber: view.subscriber };
    const { id, generation, publicId } = view.subscriber;
    const now = ctx.now();
    await closeRequests(tx, id, now);
    await undoRequests(tx, id, request.id, now);
    await cancelDeliveries(tx, id, 'address_changed', now, endedBy(view.moved ? 'move' : 'stay'));
    const kept = await changeSubscriber(tx, id, {
      email: oldEmail,
      addressHash: addressHash(ctx.keys.suppression, oldEmail),
      generation: generation + 1,
    });
    await recordAct(tx, { at: now, actor: 'reader', action: 'undo-change-address', subject: publicId });
    await announce(ctx, tx, 'subscriber.changed', { subscriber: publicId });
    return { outcome: view.moved ? 'restored' : 'kept', oldEmail, subscriber: kept };
  });
}

async function readMove(ctx: Context, token: string): Promise<MoveView> {
  const claim = await claimOf(ctx, ctx.db, 'undo', token);
  const request = claim && (await findRequest(ctx.db, claim.subject));
  const subscriber = request && (await findSubscriber(ctx.db, request.subscriberPublicId));
  return viewOf(ctx, request, subscriber);
}

function viewOf(ctx: Context, request: ConfirmationRequest | null, subscriber: Subscriber | null): MoveView {
  const oldEmail = request?.oldEmail;
  if (!request || !subscriber || !oldEmail) return { state: 'unknown' };
  const moved = subscriber.email !== oldEmail;
  if (request.undoneAt) return { state: moved ? 'ended' : 'already', oldEmail, subscriber };
  const openUntil = (request.usedAt ?? request.createdAt).getTime() + UNDO_DAYS * 86_400_000;
  if (ctx.now().getTime() > openUntil) return { state: 'ended', oldEmail, subscriber };
  return { state: 'open', moved, oldEmail, subscriber };
}
