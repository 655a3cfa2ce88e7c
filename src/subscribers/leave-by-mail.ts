import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { restoreDeliveries } from '../db/ledger/deliveries.ts';
import { recordAct } from '../db/operator/audit.ts';
import { reopenClosed } from '../db/subscribers/confirmation-requests.ts';
import { watchReader, writeReaderState } from '../db/subscribers/reader-state.ts';
import { findSubscriberById, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import type { ActChange, Snapshot } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import { eventOfReturn } from '../model/hook.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { findLeaving, noteOwnLeave, wantsOut } from './own-leave.ts';
import { readerOf } from './reader-of.ts';
import { leaveWithin } from './unsubscribe.ts';

/**
 * Takes out a reader who wrote to leave, or who called a mail spam. Returns what that changed of them; null where they
 * had left before.
 */
export async function leaveByMail(ctx: Context, tx: Tx, id: number, by: Actor): Promise<ActChange | null> {
  const reader = await lockById(tx, id);
  if (!reader) return null;
  if (reader.status === 'unsubscribed') {
    await noteOwnLeave(ctx, tx, reader, by);
    return null;
  }
  return (await leaveWithin(ctx, tx, reader, by)).change;
}

/**
 * Takes that back: the reader is as they were, where nothing has changed them since, nor have they left themselves.
 * Returns whether it did.
 */
export async function returnAfterLeaving(
  ctx: Context,
  tx: Tx,
  id: number,
  { before, after }: { before: Snapshot; after: Snapshot },
): Promise<boolean> {
  const reader = await lockById(tx, id);
  const at = after['unsubscribedAt'];
  if (!reader || typeof at !== 'string' || reader.unsubscribedAt?.toISOString() !== at) return false;
  if (await wantsOut(tx, reader)) return false;
  const now = ctx.now();
  const leaving = await findLeaving(tx, reader);
  const since = leaving?.at ?? new Date(at);
  const changed = await watchReader(tx, id);
  await writeReaderState(tx, id, before, now);
  await reopenClosed(tx, id, { at: since, answered: before['status'] !== 'pending' });
  await restoreDeliveries(tx, id, { reason: 'unsubscribed', at: since, now });
  const [subject, undoes] = [reader.publicId, leaving?.id ?? null];
  const entry = { at: now, actor: 'job:feedback', action: 'undo-unsubscribe', subject, undoes } as const;
  await recordAct(tx, { ...entry, ...(await changed()) });
  await announce(ctx, tx, eventOfReturn(before), { subscriber: subject });
  return true;
}

async function lockById(tx: Tx, id: number): Promise<Subscriber | null> {
  const found = await findSubscriberById(tx, id);
  return found && lockSubscriber(tx, found.publicId);
}

/** Finds the reader whose unsubscribe token a letter bears; null where it is forged or of before their last consent. */
export async function findLeaver(ctx: Context, tx: Tx, token: string): Promise<Subscriber | null> {
  return readerOf(ctx, tx, 'unsubscribe', token.toLowerCase());
}
