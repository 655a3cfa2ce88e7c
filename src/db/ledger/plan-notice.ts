import type { Keys } from '../../context.ts';
import { addressHash, mailboxHash } from '../../model/address.ts';
import { NOTICE_HOURS } from '../../model/delivery.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';
import { readNotice, type Notice } from '../../model/notice.ts';
import type { Tx } from '../client.ts';
import { Prisma } from '../generated/client.ts';

/** Whom a notice goes to. */
export interface Addressee {
  /** Null for an operator. */
  id: number | null;
  /** Canonical. */
  email: string;
  language: string;
  generation: number;
}

/** A notice to be planned. */
export type PlannedNotice = Notice & {
  /** Unique per (subscriber, kind): the id of what it answers. */
  key: string;
  /** The confirmation request that its link names. */
  requestId?: number;
  /** Not before this; at once where it is left out. */
  from?: Date;
  to: Addressee;
};

/**
 * Plans a notice, of whatever kind, to be sent at once, or from an instant on, and for two days at most. Planning the
 * same (subscriber, kind, key) again changes nothing. Returns whether it is new. Throws where what its kind needs is
 * missing.
 */
export async function planNotice(db: Tx, keys: Keys, notice: PlannedNotice, now: Date): Promise<boolean> {
  const { key, requestId, from = now, to } = notice;
  const { kind, payload } = readNotice(notice.kind, notice.payload);
  const { priority, link, counted } = MAIL_KINDS[kind];
  if (link?.names === 'request' && requestId === undefined) throw new Error(`A mail of kind ${kind} needs its request`);
  const hashed = (hash: typeof addressHash) => Uint8Array.from(hash(keys.suppression, to.email));
  const { count } = await db.delivery.createMany({
    data: [
      {
        kind,
        key,
        priority,
        payload: payload ?? Prisma.DbNull,
        requestId: requestId ?? null,
        subscriberId: to.id,
        email: to.email,
        addressHash: to.id === null ? null : hashed(addressHash),
        mailboxHash: counted ? hashed(mailboxHash) : null,
        language: to.language,
        keyId: keys.link[0]?.id ?? 0,
        generation: to.generation,
        nextAttemptAt: from,
        lateAt: new Date(from.getTime() + NOTICE_HOURS * 3_600_000),
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
  return count > 0;
}
