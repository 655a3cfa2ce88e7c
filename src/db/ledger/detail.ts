import type { AttemptEnd } from '../../model/attempt.ts';
import { WAITING_STATES, type EndReason } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { findDelivery, type LedgerEntry } from './list.ts';

/** One try at a mail. */
export interface LedgerTry {
  attempt: number;
  at: Date;
  outcome: AttemptEnd['outcome'];
  stage: string | null;
  reply: string | null;
}

/** A line of the ledger with all that is known of it. */
export interface DeliveryDetail extends LedgerEntry {
  /** Public id; null for an operator, and once the person is erased. */
  subscriber: string | null;
  endReason: EndReason | null;
  plannedAt: Date;
  /** While it waits. */
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  tries: LedgerTry[];
}

/** Finds a mail by its public id; null where there is none. */
export async function findDeliveryDetail(db: Tx, publicId: string): Promise<DeliveryDetail | null> {
  const entry = await findDelivery(db, publicId);
  const row = entry && (await db.delivery.findUnique({ where: { publicId }, include: INCLUDED }));
  if (!row) return null;
  const { subscriber, attempts, endReason, createdAt, state, nextAttemptAt, finishedAt } = row;
  return {
    ...entry,
    ...{ subscriber: subscriber?.publicId ?? null, endReason, plannedAt: createdAt, finishedAt },
    nextAttemptAt: WAITING_STATES.includes(state) ? nextAttemptAt : null,
    tries: attempts.map(({ attempt, at, outcome, stage, reply }) => ({ attempt, at, outcome, stage, reply })),
  };
}

const INCLUDED = {
  subscriber: { select: { publicId: true } },
  attempts: { orderBy: { attempt: 'asc' } },
} as const;
