import { restoreDeliveries, cancelDeliveries } from '../../db/ledger/deliveries.ts';
import type { Context } from '../../context.ts';
import type { Tx } from '../../db/client.ts';
import { reopenClosed, closeRequests } from '../../db/subscribers/confirmation-requests.ts';
import { readReaderState, writeReaderState } from '../../db/subscribers/reader-state.ts';
import { lockSubscriber } from '../../db/subscribers/subscribers.ts';
import { announce } from '../../hooks/announce.ts';
import { localDate } from '../../lib/time.ts';
import { standingOn, type Snapshot } from '../../model/act.ts';
import type { EndReason } from '../../model/delivery.ts';
import { eventOfReturn } from '../../model/hook.ts';
import { endedBy } from '../../model/mail-kind.ts';
import type { Subscriber } from '../../model/subscriber.ts';
import { nextDue } from '../../plan/due.ts';
import type { WayBack } from './way-back.ts';

/** Fields that the next slot follows from. */
const SCHEDULE: Snapshot = { status: '', pausedUntil: '', cadence: '', weekday: '', hour: '', timeZone: '' };

/** Acts on a reader's status, schedule, pause and wishes. */
export const readerWay: WayBack = {
  soft: ['nextDueAt', 'welcomeDueAt'],
  read: async (_ctx, tx, { subject }) => {
    const reader = subject === null ? null : await lockSubscriber(tx, subject);
    return reader && readReaderState(tx, reader.id, { wishes: true });
  },
  restore: async (ctx, tx, act, { later, now }) => {
    const { subject, at, before, after } = act;
    const reader = await lockSubscriber(tx, subject ?? '');
    if (!reader) throw new Error('restore comes after read');
    const moved = standingOn({ ...act, after: SCHEDULE }, later, []) !== null;
    await writeReaderState(tx, reader.id, settled(before, reader, { now, moved }), now);
    await restoreMails(ctx, tx, reader, { before, after, at, now });
    if ('wishes' in before) await ctx.queue.wake('match', tx);
    await announce(ctx, tx, eventOfReturn(before), { subscriber: reader.publicId });
    return null;
  },
};

/**
 * What is written back. Where the act touched the schedule, the next slot is the one of before, unless the schedule was
 * changed since (`moved`) or that slot has been dealt with meanwhile: then it is the next one of the schedule as it
 * will stand. Who does not read has none.
 */
export function settled(before: Snapshot, reader: Subscriber, { now, moved }: { now: Date; moved: boolean }): Snapshot {
  const then = { ...reader, ...before };
  const returns = before['status'] !== undefined && before['status'] !== 'unsubscribed';
  const back = returns ? { ...before, unsubscribeNote: null } : before;
  if (!Object.keys(SCHEDULE).some((name) => name in before)) return back;
  if (then.status !== 'confirmed') return { ...back, nextDueAt: null };
  const due = before['nextDueAt'];
  const { lastSlotOn } = reader;
  const isOpen =
    typeof due === 'string' && (lastSlotOn === null || localDate(new Date(due), then.timeZone) > lastSlotOn);
  if (isOpen && !moved) return back;
  const paused = then.pausedUntil === null ? now : new Date(then.pausedUntil);
  return { ...back, nextDueAt: nextDue(then, paused > now ? paused : now, lastSlotOn).toISOString() };
}

/** What a state of a reader does to their mail: nothing waits for somebody who left, or who pauses. */
export function stopOf(state: Snapshot): { reason: EndReason; by: 'leave' | 'pause' } | null {
  if (state['status'] === 'unsubscribed') return { reason: 'unsubscribed', by: 'leave' };
  return typeof state['pausedUntil'] === 'string' ? { reason: 'paused', by: 'pause' } : null;
}

async function restoreMails(
  ctx: Context,
  tx: Tx,
  reader: Subscriber,
  { before, after, at, now }: { before: Snapshot; after: Snapshot; at: Date; now: Date },
): Promise<void> {
  const [again, ended] = [stopOf(before), stopOf(after)];
  if (ended?.by === 'leave') await reopenClosed(tx, reader.id, { at, answered: before['status'] !== 'pending' });
  if (ended && (await restoreDeliveries(tx, reader.id, { reason: ended.reason, at, now })) > 0)
    await ctx.queue.wake('deliver', tx);
  if (again?.by === 'leave') await closeRequests(tx, reader.id, now);
  if (again) await cancelDeliveries(tx, reader.id, again.reason, now, endedBy(again.by));
}
