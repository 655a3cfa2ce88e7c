import { DELIVERY_STATES, WAITING_STATES, type DeliveryState, type EndReason } from '../../model/delivery.ts';
import { mailKinds, type MailKind, type NoticeKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { isStoppable, stopped } from './moves.ts';
import { Prisma } from '../generated/client.ts';

/**
 * Cancels everything of a subscriber that is not in flight yet, of these kinds (all by default); claimed mails that were not handed
 * over are stopped too. `words` say more of the reason, where there is more to say. Returns how many.
 */
export async function cancelDeliveries(
  db: Tx,
  subscriberId: number,
  reason: EndReason,
  now: Date,
  kinds: readonly MailKind[] = mailKinds(),
  words: string | null = null,
): Promise<number> {
  return db.$executeRaw`
    UPDATE deliveries d SET ${Prisma.raw(stopped('d'))}, end_reason = ${reason}::end_reason, last_reply = coalesce(${words}, last_reply), finished_at = ${now}
    WHERE subscriber_id = ${subscriberId} AND kind = ANY(${[...kinds]}::delivery_kind[]) AND ${Prisma.raw(isStoppable('d'))}`;
}

/** Counts the deliveries of an edition (or of all, without one) by state; every state is there. */
export async function countByState(db: Tx, edition?: string): Promise<Record<DeliveryState, number>> {
  const rows = await db.$queryRaw<{ state: DeliveryState; count: bigint }[]>`
    SELECT d.state, count(*) AS count FROM deliveries d
    ${edition === undefined ? Prisma.empty : Prisma.sql`JOIN editions e ON e.id = d.edition_id WHERE e.key = ${edition}`}
    GROUP BY d.state`;
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>;
  for (const { state, count } of rows) counts[state] = Number(count);
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
