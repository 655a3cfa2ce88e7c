import {
  DELIVERY_KINDS,
  DELIVERY_STATES,
  NOTICE_HOURS,
  PRIORITY,
  WAITING_STATES,
  type DeliveryKind,
  type DeliveryState,
  type EndReason,
} from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { isStoppable, stopped } from './moves.ts';
import { Prisma } from '../generated/client.ts';

/** A mail that is no newsletter, to be planned. */
export interface PlannedNotice {
  kind: Exclude<DeliveryKind, 'newsletter'>;
  /** Unique per (subscriber, kind): the id of what it answers. */
  key: string;
  /** Null for an alarm. */
  subscriberId: number | null;
  /** Canonical. */
  email: string;
  addressHash: Uint8Array | null;
  /** What budgets and declines count; none for an alarm. */
  mailboxHash?: Uint8Array;
  /** `{ requestPublicId }` for confirmation, reminder and moving, `{ subject, lines }` for an alarm. */
  payload: Prisma.InputJsonValue | null;
  language: string;
  keyId: number;
  generation: number;
  now: Date;
}

/** Plans a notice; planning the same (subscriber, kind, key) again changes nothing. Returns whether it is new. */
export async function planNotice(db: Tx, notice: PlannedNotice): Promise<boolean> {
  const { now, payload, addressHash, mailboxHash, ...rest } = notice;
  const { count } = await db.delivery.createMany({
    data: [
      {
        ...rest,
        addressHash: addressHash ? Uint8Array.from(addressHash) : null,
        mailboxHash: mailboxHash ? Uint8Array.from(mailboxHash) : null,
        payload: payload ?? Prisma.DbNull,
        priority: PRIORITY[notice.kind],
        nextAttemptAt: now,
        lateAt: new Date(now.getTime() + NOTICE_HOURS * 3_600_000),
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
  return count > 0;
}

/**
 * Cancels everything of a subscriber that is not in flight yet, of these kinds (all by default); claimed mails that were not handed
 * over are stopped too. `words` say more of the reason, where there is more to say. Returns how many.
 */
export async function cancelDeliveries(
  db: Tx,
  subscriberId: number,
  reason: EndReason,
  now: Date,
  kinds: readonly DeliveryKind[] = DELIVERY_KINDS,
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
export async function countNotices(
  db: Tx,
  hash: Uint8Array,
  kind: 'confirmation' | 'link',
  since: Date,
): Promise<number> {
  return db.delivery.count({
    where: { mailboxHash: Uint8Array.from(hash), kind, createdAt: { gt: since } },
  });
}
