import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import { changeSubscriber } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import { nextDue } from '../plan/due.ts';
import { lockReader, type ReaderRef } from './reader-of.ts';
import type { Actor } from '../model/actor.ts';
import { endedBy } from '../model/mail-kind.ts';

export type PauseOutcome =
  | { outcome: 'paused' | 'resumed'; nextDueAt: Date; cancelled: number }
  | { outcome: 'not-confirmed' }
  | { outcome: 'unknown' };

/** Longest pause: whoever wants to be left alone for longer may as well leave. */
export const MAX_PAUSE_DAYS = 366;

/**
 * Stops a reader's newsletters until an instant, those that wait included; null resumes them. The reader is named by
 * their link's token, or by their public id.
 */
export async function pause(
  ctx: Context,
  link: string | ReaderRef,
  until: Date | null,
  by: { actor: Actor } = { actor: 'reader' },
): Promise<PauseOutcome> {
  return transaction(ctx.db, async (tx): Promise<PauseOutcome> => {
    const reader = await lockReader(ctx, tx, 'preferences', link);
    if (!reader) return { outcome: 'unknown' };
    if (reader.status !== 'confirmed') return { outcome: 'not-confirmed' };
    const now = ctx.now();
    const pausedUntil = until && until > now ? until : null;
    const changed = await watchReader(tx, reader.id);
    const cancelled = pausedUntil ? await cancelDeliveries(tx, reader.id, 'paused', now, endedBy('pause')) : 0;
    const nextDueAt = nextDue(reader, pausedUntil ?? now, reader.lastSlotOn);
    await changeSubscriber(tx, reader.id, { pausedUntil, nextDueAt });
    const action = pausedUntil ? 'pause' : 'resume';
    const detail = pausedUntil ? { until: pausedUntil.toISOString() } : {};
    await recordAct(tx, { at: now, actor: by.actor, action, subject: reader.publicId, detail, ...(await changed()) });
    await announce(ctx, tx, 'subscriber.changed', { subscriber: reader.publicId });
    return { outcome: pausedUntil ? 'paused' : 'resumed', nextDueAt, cancelled };
  });
}
