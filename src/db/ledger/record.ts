import type { DeliveryState } from '../../model/delivery.ts';
import type { Db } from '../client.ts';
import { enumOf, int8 } from '../columns.ts';
import { measured, runPrepared } from '../measured.ts';
import { ELIGIBILITY_JOINS, endReason, ineligibleBecause, lastWords, wentOver } from './eligibility.ts';
import { LET_GO } from './moves.ts';
import { endReasonOf, type FinishedAttempt } from '../../model/attempt.ts';

/** A mail about to be handed to a connection. */
export interface Handing {
  id: bigint;
  attempt: number;
  messageId: string;
  /** Instant of its Date header; that of the batch where missing. */
  datedAt?: Date;
  /** An earlier try may have arrived. */
  doubted?: boolean;
}

/** One batch: what ended since the last one, and what is about to go. */
export interface RecordBatch {
  worker: string;
  now: Date;
  finished: FinishedAttempt[];
  handing: Handing[];
}

/**
 * A late result is still the truth of its attempt: one given up as uncertain becomes what its answer says, where it
 * arrives after all, and one that waits to be sent again is sent already, where its 250 arrives before the next claim.
 * Whose a row is says its owner alone (only what is being sent has one): asked for the state too, PostgreSQL walks all
 * that is being sent to find each of them. The Date of a mail about to go is kept, and forgotten where its body did
 * not go over, now or before. A mail whose edition was paused meanwhile is given back, and the next claim sets it
 * aside, under a lock on the edition. What was refused for good is an event, written in the same statement.
 */
const RECORD_SQL = `
WITH finished AS (
  SELECT * FROM unnest($3::bigint[], $4::int[], $5::delivery_state[], $6::attempt_outcome[], $7::text[], $8::text[], $9::timestamptz[], $10::feedback_kind[], $16::bool[], $17::end_reason[], $18::refusal_topic[], $19::text[])
    AS f(id, attempt, state, outcome, stage, reply, next_attempt_at, refused, counted, end_reason, about, rule)
), done AS (
  UPDATE deliveries d SET state = f.state, end_reason = f.end_reason, last_reply = f.reply, parked = false, ${LET_GO},
    handed_at = CASE WHEN f.state = 'retrying' THEN NULL ELSE d.handed_at END,
    dated_at = CASE WHEN f.stage IN ('connect', 'auth', 'mail', 'rcpt', 'data', 'body') AND NOT ${wentOver('d.id')} THEN NULL ELSE d.dated_at END,
    next_attempt_at = coalesce(f.next_attempt_at, d.next_attempt_at),
    sent_at = CASE WHEN f.state = 'sent' THEN $2 ELSE d.sent_at END,
    finished_at = CASE WHEN f.state = 'retrying' THEN NULL ELSE $2 END
  FROM finished f
  WHERE d.id = f.id AND d.attempt = f.attempt
    AND (d.claimed_by = $1 OR d.state = 'uncertain' OR (d.state = 'retrying' AND f.state = 'sent'))
  RETURNING d.id, d.subscriber_id, d.address_hash, d.edition_id, d.email
), noted AS (
  INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
  SELECT f.id, f.attempt, $1, f.outcome, f.stage, f.reply, $2 FROM finished f JOIN done ON done.id = f.id WHERE f.counted
  ON CONFLICT (delivery_id, attempt) DO UPDATE SET outcome = excluded.outcome, stage = excluded.stage, reply = excluded.reply, at = excluded.at
), refused AS (
  INSERT INTO feedback_events (door, kind, delivery_id, subscriber_id, edition_id, address_hash, destination, about, rule, status, reply, line, counts_on, at)
  SELECT 'session', f.refused, done.id, done.subscriber_id, done.edition_id, done.address_hash, split_part(done.email, '@', 2), f.about, f.rule,
    substring(f.reply from '\\m[245]\\.\\d{1,3}\\.\\d{1,3}\\M'), substring(f.reply from '^\\d{3}'), f.reply, ($2::timestamptz AT TIME ZONE 'UTC')::date, $2
  FROM finished f JOIN done ON done.id = f.id WHERE f.refused IS NOT NULL AND done.address_hash IS NOT NULL
  ON CONFLICT (delivery_id, kind, counts_on) DO UPDATE SET at = excluded.at, line = excluded.line, effect = NULL, before = NULL, after = NULL, undone_at = NULL
    WHERE feedback_events.effect IN ('excused', 'undone')
  RETURNING address_hash, kind
), about AS MATERIALIZED (
  SELECT d.id, h.message_id, h.dated_at, e.state = 'paused' AS paused, h.doubted,
    coalesce(${ineligibleBecause('$2')}, CASE WHEN d.address_hash IN (SELECT address_hash FROM refused WHERE kind = 'hard') THEN 'suppressed:hard' END) AS reason
  FROM unnest($11::bigint[], $12::int[], $13::text[], $14::bool[], $15::timestamptz[]) AS h(id, attempt, message_id, doubted, dated_at)
  JOIN deliveries d ON d.id = h.id AND d.attempt = h.attempt AND d.claimed_by = $1 ${ELIGIBILITY_JOINS}
), verdicts AS MATERIALIZED (
  SELECT id, message_id, dated_at, reason, CASE WHEN reason IS NOT NULL AND doubted THEN 'uncertain' WHEN reason = 'late' THEN 'failed' WHEN reason IS NOT NULL THEN 'cancelled'
    WHEN paused THEN 'retrying' ELSE 'sending' END::delivery_state AS state FROM about
), handed AS (
  UPDATE deliveries d SET state = v.state, end_reason = ${endReason('v.reason')}, last_reply = ${lastWords('v.reason')},
    handed_at = CASE v.state WHEN 'sending' THEN $2::timestamptz END,
    message_id = CASE v.state WHEN 'sending' THEN v.message_id ELSE d.message_id END,
    dated_at = CASE WHEN v.state = 'sending' THEN v.dated_at WHEN ${wentOver('d.id')} THEN d.dated_at END,
    claimed_by = CASE v.state WHEN 'sending' THEN d.claimed_by END,
    lease_until = CASE v.state WHEN 'sending' THEN d.lease_until END,
    finished_at = CASE WHEN v.reason IS NOT NULL THEN $2 END
  FROM verdicts v WHERE d.id = v.id AND d.claimed_by = $1
  RETURNING d.id, d.state
)
SELECT id, state FROM handed`;

/** Records a batch; under this name it is prepared. */
export const RECORD = measured(
  'deliveries-record',
  { id: int8, state: enumOf<DeliveryState>('delivery_state') },
  RECORD_SQL,
);

/**
 * Records a batch in one statement: the finished results, and handedAt for the mails about to go, committed before
 * their DATA, so that at most one mail per connection is ever in doubt. Consent and suppression are checked once more,
 * with the addresses that were refused in this very batch. Fenced by worker and attempt; repeating it after a lost
 * answer does no harm. Returns the state of each mail about to go that is still this worker's: only those in `sending`
 * may be sent.
 */
export async function recordBatch(db: Db, batch: RecordBatch): Promise<Map<bigint, DeliveryState>> {
  const { finished, handing } = batch;
  const rows = await runPrepared(db, RECORD, [
    batch.worker,
    batch.now,
    finished.map(({ id }) => String(id)),
    finished.map(({ attempt }) => attempt),
    finished.map(({ state }) => state),
    finished.map(({ outcome }) => outcome),
    finished.map(({ stage }) => stage),
    finished.map(({ reply }) => reply),
    finished.map(({ nextAttemptAt }) => nextAttemptAt?.toISOString() ?? null),
    finished.map(({ refusal }) => refusal?.kind ?? null),
    handing.map(({ id }) => String(id)),
    handing.map(({ attempt }) => attempt),
    handing.map(({ messageId }) => messageId),
    handing.map(({ doubted = false }) => doubted),
    handing.map(({ datedAt = batch.now }) => datedAt.toISOString()),
    finished.map(({ counted }) => counted),
    finished.map(endReasonOf),
    finished.map(({ refusal }) => refusal?.about ?? null),
    finished.map(({ refusal }) => refusal?.rule ?? null),
  ]);
  return new Map(rows.map(({ id, state }) => [id, state]));
}
