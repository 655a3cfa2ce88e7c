import type { Db, Tx } from './client.ts';
import { poolOf } from './client.ts';

/** Extends the leases of a living worker. Rows that another statement holds just now are passed over; they are moving anyway. */
export async function extendLeases(db: Db, worker: string, leaseSeconds: number): Promise<void> {
  await poolOf(db).query(
    `UPDATE deliveries SET lease_until = clock_timestamp() + $2 * interval '1 second'
     WHERE id IN (SELECT id FROM deliveries WHERE state = 'sending' AND claimed_by = $1 FOR UPDATE SKIP LOCKED)`,
    [worker, leaseSeconds],
  );
}

/** Gives back what a worker claimed and never handed over; due again at `nextAttemptAt`, with the reason where there is one. Returns how many. */
export async function releaseClaims(
  db: Tx,
  worker: string,
  nextAttemptAt: Date,
  reason: string | null,
): Promise<number> {
  return db.$executeRaw`
    UPDATE deliveries SET state = 'retrying', claimed_by = NULL, lease_until = NULL,
      next_attempt_at = greatest(next_attempt_at, ${nextAttemptAt}), last_reply = coalesce(${reason}, last_reply)
    WHERE state = 'sending' AND claimed_by = ${worker} AND handed_at IS NULL`;
}

/** Sets claims aside until their destination has room for them: as they were before, with no try counted. */
export async function deferClaims(
  db: Tx,
  worker: string,
  claims: readonly { id: bigint; until: Date }[],
): Promise<void> {
  await db.$executeRaw`
    UPDATE deliveries d SET state = 'retrying', claimed_by = NULL, lease_until = NULL, next_attempt_at = c.until
    FROM unnest(${claims.map(({ id }) => String(id))}::bigint[], ${claims.map(({ until }) => until.toISOString())}::timestamptz[]) AS c(id, until)
    WHERE d.id = c.id AND d.state = 'sending' AND d.claimed_by = ${worker} AND d.handed_at IS NULL`;
}
