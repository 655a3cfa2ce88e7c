import { DELIVERY_STATES, WAITING_STATES, type DeliveryState, type EndReason } from '../../model/delivery.ts';
import { mailKinds, type MailKind, type NoticeKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { command, raw, sql } from '../statement.ts';
import { isStoppable, stopped } from './moves.ts';

const stop = command(
  'cancel deliveries',
  (given: {
    subscriberIds: readonly number[];
    reason: EndReason;
    words: string | null;
    now: Date;
    kinds: readonly MailKind[];
  }) => sql`
    UPDATE deliveries d SET ${raw(stopped('d'))}, end_reason = ${given.reason}::end_reason, last_reply = coalesce(${given.words}, last_reply), finished_at = ${given.now}
    WHERE subscriber_id = ANY(${given.subscriberIds}::int[]) AND kind = ANY(${given.kinds}::delivery_kind[]) AND ${raw(isStoppable('d'))}`,
  'once a session',
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
  return stop(db, { subscriberIds: [subscriberId], reason, words, now, kinds: [...kinds] });
}

/** Does the same of several subscribers, for all kinds. */
export async function cancelOfMany(
  db: Tx,
  subscriberIds: readonly number[],
  reason: EndReason,
  now: Date,
  words: string,
): Promise<number> {
  return stop(db, { subscriberIds: [...subscriberIds], reason, words, now, kinds: mailKinds() });
}

const restore = command(
  'restore cancelled deliveries',
  (given: { subscriberId: number; reason: EndReason; at: Date; until: Date; now: Date }) => sql`
    UPDATE deliveries d SET state = CASE WHEN d.attempt = 0 THEN 'planned' ELSE 'retrying' END::delivery_state,
      last_reply = CASE WHEN d.end_reason = 'suppressed' THEN NULL ELSE d.last_reply END, end_reason = NULL, finished_at = NULL
    FROM subscribers s
    WHERE d.subscriber_id = ${given.subscriberId} AND s.id = d.subscriber_id AND s.email = d.email
      AND d.state = 'cancelled' AND d.end_reason = ${given.reason}::end_reason AND d.finished_at BETWEEN ${given.at} AND ${given.until}
      AND (d.late_at IS NULL OR d.late_at > ${given.now})
      AND NOT EXISTS (SELECT FROM editions e WHERE e.id = d.edition_id AND e.state = 'cancelled')
      AND NOT EXISTS (SELECT FROM newsletters n WHERE n.subscriber_id = d.subscriber_id AND n.created_at > ${given.at})`,
);

/**
 * Lets the mails of a subscriber wait again that an act cancelled at an instant (or from then `until`) for a reason:
 * those that are not too late, whose edition goes on, that go to where the reader still reads, and in whose place no
 * newsletter was planned since. Returns how many.
 */
export async function restoreDeliveries(
  db: Tx,
  subscriberId: number,
  which: { reason: EndReason; at: Date; now: Date; until?: Date },
): Promise<number> {
  return restore(db, { subscriberId, until: which.at, ...which });
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

/** Finds where a question went, and the generation of its links; null where none was mailed. */
export async function findQuestionMail(
  db: Tx,
  { subscriberId, publicId }: { subscriberId: number; publicId: string },
): Promise<{ email: string | null; generation: number } | null> {
  return db.delivery.findUnique({
    where: { subscriberId_kind_key: { subscriberId, kind: 'confirmation', key: publicId } },
    select: { email: true, generation: true },
  });
}

/** Counts the mails to an address that were refused for good since an instant. */
export async function countBouncedSince(db: Tx, hash: Uint8Array, since: Date): Promise<number> {
  return db.delivery.count({
    where: { addressHash: Uint8Array.from(hash), state: 'bounced', finishedAt: { gte: since } },
  });
}
