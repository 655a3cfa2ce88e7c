import type { Db, Tx } from '../client.ts';
import { bool } from '../columns.ts';
import { measured, runMeasured, runOnPool } from '../measured.ts';
import { command, raw, sql } from '../statement.ts';
import { LET_GO } from './moves.ts';

/** A claim is given back as if it had never been: due as before, with no try counted. */
const GIVEN_BACK = raw(`state = 'retrying', ${LET_GO}`);
/** What a worker claimed and never handed over. */
const heldBy = (worker: string) => sql`d.state = 'sending' AND d.claimed_by = ${worker} AND d.handed_at IS NULL`;

const EXTEND = measured(
  'extend leases',
  {},
  `UPDATE deliveries SET lease_until = clock_timestamp() + $2 * interval '1 second'
   WHERE id IN (SELECT id FROM deliveries WHERE state = 'sending' AND claimed_by = $1 FOR UPDATE SKIP LOCKED)`,
);

/**
 * Extends the leases of a living worker. Rows that another statement holds just now are passed over; they are moving
 * anyway.
 */
export async function extendLeases(db: Db, worker: string, leaseSeconds: number): Promise<void> {
  await runOnPool(db, EXTEND, [worker, leaseSeconds]);
}

const releaseUnknown = command(
  'give unknown claims back',
  (given: { worker: string; known: string[] }) => sql`
    UPDATE deliveries d SET ${GIVEN_BACK} WHERE ${heldBy(given.worker)} AND d.id <> ALL(${given.known}::bigint[])`,
);

/**
 * Gives back what a worker claimed without ever hearing of it, because the answer of its claim was lost: all but
 * `known`. Due again as before, with no try counted. Returns how many.
 */
export async function releaseUnknownClaims(db: Tx, worker: string, known: readonly bigint[]): Promise<number> {
  return releaseUnknown(db, { worker, known: known.map(String) });
}

const release = command(
  'give claims back',
  (given: { worker: string; nextAttemptAt: Date; reason: string | null }) => sql`
    UPDATE deliveries d SET ${GIVEN_BACK},
      next_attempt_at = greatest(next_attempt_at, ${given.nextAttemptAt}), last_reply = coalesce(${given.reason}, last_reply)
    WHERE ${heldBy(given.worker)}`,
);

/**
 * Gives back what a worker claimed and never handed over; due again at `nextAttemptAt`, with the reason where there is
 * one. Returns how many.
 */
export async function releaseClaims(
  db: Tx,
  worker: string,
  nextAttemptAt: Date,
  reason: string | null,
): Promise<number> {
  return release(db, { worker, nextAttemptAt, reason });
}

const defer = command(
  'defer claims',
  (given: { worker: string; ids: string[]; until: string[]; reasons: (string | null)[] }) => sql`
    UPDATE deliveries d SET ${GIVEN_BACK}, next_attempt_at = c.until,
      last_reply = coalesce(c.reason, d.last_reply)
    FROM unnest(${given.ids}::bigint[], ${given.until}::timestamptz[],
      ${given.reasons}::text[]) AS c(id, until, reason)
    WHERE d.id = c.id AND ${heldBy(given.worker)}`,
);

/**
 * Sets claims aside until their time comes: as they were before, with no try counted, and with the reason where there
 * is one.
 */
export async function deferClaims(
  db: Tx,
  worker: string,
  claims: readonly { id: bigint; until: Date; reason: string | null }[],
): Promise<void> {
  await defer(db, {
    worker,
    ids: claims.map(({ id }) => String(id)),
    until: claims.map(({ until }) => until.toISOString()),
    reasons: claims.map(({ reason }) => reason),
  });
}

/** What was done with the claims of dead workers. */
export interface ReturnedClaims {
  returned: number;
  uncertain: number;
}

/** The last words of a mail whose worker died. */
const DIED = 'the worker died after handing it over; whether it arrived is unknown';

/**
 * `held`: it stays uncertain; also with ON_UNCERTAIN=resend once its tries are used up, so that a mail that kills its
 * workers is not sent for ever.
 */
const EXPIRED_SQL = `
WITH dead AS MATERIALIZED (
  SELECT id, attempt, claimed_by, handed_at IS NOT NULL AS handed,
    handed_at IS NOT NULL AND ($2 = 'hold' OR
      (SELECT count(*) FROM attempts a WHERE a.delivery_id = deliveries.id AND a.attempt > tries_from) + 1 >= $3::int) AS held
  FROM deliveries WHERE state = 'sending' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED
), noted AS (
  INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
  SELECT id, attempt, coalesce(claimed_by, ''), 'uncertain', NULL, '${DIED}', $1::timestamptz FROM dead WHERE handed
  ON CONFLICT (delivery_id, attempt) DO NOTHING
)
UPDATE deliveries d SET
  state = CASE WHEN dead.held THEN 'uncertain' ELSE 'retrying' END::delivery_state,
  end_reason = CASE WHEN dead.held THEN 'worker_died'::end_reason END,
  last_reply = CASE WHEN dead.handed THEN '${DIED}' ELSE d.last_reply END,
  finished_at = CASE WHEN dead.held THEN $1::timestamptz END,
  handed_at = CASE WHEN dead.held THEN d.handed_at END,
  ${LET_GO}
FROM dead WHERE d.id = dead.id
RETURNING dead.held`;

/** Takes back the claims whose lease ran out. */
export const EXPIRED = measured('return expired claims', { held: bool }, EXPIRED_SQL);

/**
 * Takes back the claims whose lease ran out (by the database's clock): never handed over ▸ retrying at once; handed
 * over ▸ uncertain, or, with `resend` while it has tries left, retrying with the same Message-ID.
 */
export async function returnExpiredClaims(
  db: Tx,
  now: Date,
  settings: { ON_UNCERTAIN: 'hold' | 'resend'; RETRY_MINUTES: readonly number[] },
): Promise<ReturnedClaims> {
  const mostTries = settings.RETRY_MINUTES.length + 1;
  const rows = await runMeasured(db, EXPIRED, [now, settings.ON_UNCERTAIN, mostTries]);
  const uncertain = rows.filter(({ held }) => held).length;
  return { returned: rows.length - uncertain, uncertain };
}
