import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import { closeRequests, reopenClosed } from '../db/subscribers/confirmation-requests.ts';
import { cancelDeliveries, restoreDeliveries } from '../db/ledger/deliveries.ts';
import { lastActOn } from '../db/operator/acts-list.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import { changeSubscriber } from '../db/subscribers/subscribers.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { endedBy } from '../model/mail-kind.ts';
import { dueAgain } from '../plan/due.ts';
import { findLeaving, noteOwnLeave } from './own-leave.ts';
import { lockReader, readerOf, type ReaderRef } from './reader-of.ts';
import type { Subscriber } from '../model/subscriber.ts';
import type { ActChange } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';

export type UnsubscribeOutcome =
  | { outcome: 'unsubscribed'; cancelled: number; subscriber: Subscriber }
  | { outcome: 'already'; since: Date; subscriber: Subscriber }
  | { outcome: 'unknown' };

export type UndoOutcome =
  | { outcome: 'restored'; nextDueAt: Date; subscriber: Subscriber }
  | { outcome: 'already'; subscriber: Subscriber }
  /** Too late, or never in: there may be another way back. */
  | { outcome: 'ended'; subscriber: Subscriber }
  | { outcome: 'unknown' };

/**
 * How long a link takes its own unsubscribe back: a mail forwarded long ago must not bring somebody back; signing up
 * again does.
 */
const UNDO_MS = 7 * 86_400_000;
/** Longest reason that is kept, in characters. */
const MAX_NOTE_LENGTH = 500;

/**
 * Takes a reader out at once: what is planned or waits for a retry is cancelled in the same transaction. Links never
 * expire; doing it again says since when they are out, and is kept where somebody else had taken them out. `actor`
 * names who pressed in the audit log.
 */
export async function unsubscribe(
  ctx: Context,
  reader: string | ReaderRef,
  by: { actor: Actor },
): Promise<UnsubscribeOutcome> {
  return transaction(ctx.db, async (tx): Promise<UnsubscribeOutcome> => {
    const subscriber = await lockReader(ctx, tx, 'unsubscribe', reader);
    if (!subscriber) return { outcome: 'unknown' };
    const now = ctx.now();
    if (subscriber.status === 'unsubscribed') {
      await noteOwnLeave(ctx, tx, subscriber, by.actor);
      return { outcome: 'already', since: subscriber.unsubscribedAt ?? now, subscriber };
    }
    return { outcome: 'unsubscribed', ...(await leaveWithin(ctx, tx, subscriber, by.actor)) };
  });
}

/** Takes a reader out within a transaction that holds their row. Returns what it changed of them, too. */
export async function leaveWithin(
  ctx: Context,
  tx: Tx,
  subscriber: Subscriber,
  actor: Actor,
): Promise<{ cancelled: number; subscriber: Subscriber; change: ActChange | null }> {
  const now = ctx.now();
  const changed = await watchReader(tx, subscriber.id);
  const cancelled = await cancelDeliveries(tx, subscriber.id, 'unsubscribed', now, endedBy('leave'));
  await closeRequests(tx, subscriber.id, now);
  const left = await changeSubscriber(tx, subscriber.id, {
    status: 'unsubscribed',
    unsubscribedAt: now,
    nextDueAt: null,
    welcomeDueAt: null,
  });
  const change = await changed();
  const subject = subscriber.publicId;
  await recordAct(tx, { at: now, actor, action: 'unsubscribe', subject, detail: { cancelled }, ...change });
  await announce(ctx, tx, 'subscriber.unsubscribed', { subscriber: subject });
  return { cancelled, subscriber: left, change };
}

/** Looks at an unsubscribe link, changing nothing; null where it is nobody's. */
export function lookUpUnsubscribe(ctx: Context, token: string): Promise<Subscriber | null> {
  return readerOf(ctx, ctx.db, 'unsubscribe', token);
}

/**
 * Takes an unsubscribe back: schedule, interests, links, what waited and what was due are as they were. Only for those
 * who had confirmed.
 */
export async function undoUnsubscribe(
  ctx: Context,
  reader: string | ReaderRef,
  by: { actor: Actor },
): Promise<UndoOutcome> {
  return transaction(ctx.db, async (tx): Promise<UndoOutcome> => {
    const subscriber = await lockReader(ctx, tx, 'unsubscribe', reader);
    if (!subscriber) return { outcome: 'unknown' };
    if (subscriber.status === 'confirmed') return { outcome: 'already', subscriber };
    if (subscriber.status !== 'unsubscribed' || !subscriber.confirmedAt) return { outcome: 'ended', subscriber };
    const suppressed = await findSuppression(tx, subscriber.addressHash);
    if (suppressed !== null) return { outcome: 'ended', subscriber }; // nothing would ever be sent: no welcome back
    const now = ctx.now();
    const byLink = typeof reader === 'string' || 'token' in reader;
    if (byLink && !canUndo(subscriber, now)) return { outcome: 'ended', subscriber };
    const leaving = await leavingOf(tx, subscriber);
    const [nextDueAt, welcomeDueAt] = [dueAgain(subscriber, leaving.nextDueAt, now), leaving.welcomeDueAt];
    const changed = await watchReader(tx, subscriber.id);
    const returned = { status: 'confirmed', unsubscribedAt: null, unsubscribeNote: null } as const;
    const back = await changeSubscriber(tx, subscriber.id, { ...returned, nextDueAt, welcomeDueAt });
    const at = leaving.at ?? subscriber.unsubscribedAt ?? now;
    await reopenClosed(tx, subscriber.id, { at, answered: true });
    const restored = await restoreDeliveries(tx, subscriber.id, { reason: 'unsubscribed', at, now });
    if (restored > 0) await ctx.queue.wake('deliver', tx);
    const subject = subscriber.publicId;
    const entry = { at: now, actor: by.actor, action: 'undo-unsubscribe', subject, undoes: leaving.act } as const;
    await recordAct(tx, { ...entry, ...(await changed()) });
    await announce(ctx, tx, 'subscriber.confirmed', { subscriber: subject });
    return { outcome: 'restored', nextDueAt, subscriber: back };
  });
}

/** Reads the act that has somebody out, and when they were due until then; nothing where the log holds no such act. */
async function leavingOf(
  tx: Tx,
  subscriber: Subscriber,
): Promise<{ act: bigint | null; at: Date | null; nextDueAt: Date | null; welcomeDueAt: Date | null }> {
  const leaving = await findLeaving(tx, subscriber);
  const act = leaving?.id ?? (await lastActOn(tx, subscriber.publicId, 'unsubscribe'));
  const instant = (name: string) => {
    const value = leaving?.before?.[name];
    return typeof value === 'string' ? new Date(value) : null;
  };
  const at = leaving?.at ?? null; // later than unsubscribedAt where a return was taken back
  return { act, at, nextDueAt: instant('nextDueAt'), welcomeDueAt: instant('welcomeDueAt') };
}

/** Tells whether somebody who left may still take it back by their link: they had confirmed, and it is not long ago. */
export function canUndo({ confirmedAt, unsubscribedAt }: Subscriber, now: Date): boolean {
  return confirmedAt !== null && now.getTime() - (unsubscribedAt ?? now).getTime() <= UNDO_MS;
}

/** Keeps why somebody left, where they care to say; false where the link is not of somebody who left. */
export async function noteUnsubscribeReason(ctx: Context, token: string, note: string): Promise<boolean> {
  return transaction(ctx.db, async (tx) => {
    const subscriber = await lockReader(ctx, tx, 'unsubscribe', token);
    if (subscriber?.status !== 'unsubscribed') return false;
    await changeSubscriber(tx, subscriber.id, { unsubscribeNote: note.trim().slice(0, MAX_NOTE_LENGTH) || null });
    return true;
  });
}
