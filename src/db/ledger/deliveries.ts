import { DELIVERY_STATES, WAITING_STATES, type DeliveryState, type EndReason } from '../../model/delivery.ts';
import { mailKinds, type MailKind, type NoticeKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { command, raw, sql } from '../statement.ts';
import { isStoppable, stopped } from './moves.ts';

const stop = command(
  'cancel deliveries',
  (given: {
    subscriberId: number;
    reason: EndReason;
    words: string | null;
    now: Date;
    kinds: readonly MailKind[];
  }) => sql`
    UPDATE deliveries d SET ${raw(stopped('d'))}, end_reason = ${given.reason}::end_reason, last_reply = coalesce(${given.words}, last_reply), finished_at = ${given.now}
    WHERE subscriber_id = ${given.subscriberId} AND kind = ANY(${given.kinds}::delivery_kind[]) AND ${raw(isStoppable('d'))}`,
);

/**
 * Cancels everything of a subscriber that is not in flight yet, of these kinds (all by default); claimed mails that
 * were not handed over are stopped too. `words` say more of the reason, where there is more to say. Returns how many.
 */
export async function cancelDeliveries(
  db: Tx,
  subscriberId: number,
  reason: EndReason,
  now: Date,
  kinds: readonly MailKind[] = mailKinds(),
  words: string | null = null,
): Promise<number> {
  return stop(db, { subscriberId, reason, words, now, kinds: [...kinds] });
}

/** Counts the deliveries of an edition (or of all, without one) by state; every state is there. */
export async function countByState(db: Tx, edition?: string): Promise<Record<DeliveryState, number>> {
  const where = edition === undefined ? {} : { edition: { key: edition } };
  const rows = await db.delivery.groupBy({ by: ['state'], where, _count: true });
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>;
  for (const { state, _count } of rows) counts[state] = _count;
  return counts;
}

/** Counts what a worker could claim now. */
export async function countClaimable(db: Tx, now: Date): Promise<number> {
  return db.delivery.count({
    where: {
      state: { in: [...WAITING_STATES] },
      parked: false,
      nextAttemptAt: { lte: now },
      OR: [{ editionId: null }, { edition: { state: 'open' } }],
    },
  });
}

/** Counts the mails of a kind planned for a mailbox, whatever the alias, since an instant. */
export async function countNotices(db: Tx, hash: Uint8Array, kind: NoticeKind, since: Date): Promise<number> {
  return db.delivery.count({
    where: { mailboxHash: Uint8Array.from(hash), kind, createdAt: { gt: since } },
  });
}

/** Counts the mails to an address that were refused for good since an instant. */
export async function countBouncedSince(db: Tx, hash: Uint8Array, since: Date): Promise<number> {
  return db.delivery.count({
    where: { addressHash: Uint8Array.from(hash), state: 'bounced', finishedAt: { gte: since } },
  });
}
