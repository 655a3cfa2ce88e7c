import type { DeliveryState, ClaimedDelivery } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Db } from '../client.ts';
import { bool, enumOf, filled, instant, int2, int4, int8, jsonb, orNull, text, uuid, type Row } from '../columns.ts';
import { measured, runOnPool } from '../measured.ts';
import { ELIGIBILITY_JOINS, endReason, ineligibleBecause, lastWords, mayHaveArrived } from './eligibility.ts';
import { isClaimable } from './moves.ts';

/** What one claim found. */
export interface ClaimResult {
  claimed: ClaimedDelivery[];
  /** Ended at the door, or set aside with their paused edition. */
  cancelled: number;
  failed: number;
  uncertain: number;
  parked: number;
}

const CLAIMABLE = isClaimable('c');
const LOT = 'coalesce(c.edition_id, 0)';

/**
 * A lot is what waits of one priority and edition, unless it was parked with it. Each is found by one step down the
 * index, so that a million retries waiting in the future are never looked at; those of one priority that have
 * something due get equal shares, so that a small edition does not wait for the end of a large one. Where there are
 * more lots than places, chance decides whose turn it is. What is set aside is so under a lock on its edition, which
 * resuming waits for and then finds it: none stays parked in an open edition. Of an edition that is being resumed or
 * steered otherwise mails are claimed; the batch before DATA asks again.
 */
const CLAIM_SQL = `
WITH RECURSIVE lots(priority, lot) AS (
  (SELECT c.priority, ${LOT} FROM deliveries c WHERE ${CLAIMABLE} ORDER BY c.priority, ${LOT} LIMIT 1)
  UNION ALL
  SELECT following.* FROM lots CROSS JOIN LATERAL (
    SELECT c.priority, ${LOT} FROM deliveries c WHERE ${CLAIMABLE} AND (c.priority, ${LOT}) > (lots.priority, lots.lot)
    ORDER BY c.priority, ${LOT} LIMIT 1
  ) AS following
), turns AS MATERIALIZED (
  SELECT priority, lot, count(*) OVER (PARTITION BY priority) AS lots FROM lots WHERE (
    SELECT c.next_attempt_at FROM deliveries c WHERE ${CLAIMABLE} AND c.priority = lots.priority AND ${LOT} = lots.lot
    ORDER BY c.next_attempt_at LIMIT 1
  ) <= $1 ORDER BY priority, random()
), due AS MATERIALIZED (
  SELECT picked.* FROM turns CROSS JOIN LATERAL (
    SELECT c.id, c.kind, c.email, c.address_hash, c.mailbox_hash, c.subscriber_id, c.edition_id, c.newsletter_id, c.late_at, c.request_id, c.attempt FROM deliveries c
    WHERE ${CLAIMABLE} AND c.priority = turns.priority AND ${LOT} = turns.lot AND c.next_attempt_at <= $1
    ORDER BY c.next_attempt_at, c.id LIMIT ceil($2::numeric / turns.lots) FOR UPDATE SKIP LOCKED
  ) AS picked LIMIT $2
), judged AS MATERIALIZED (
  SELECT d.id, d.edition_id, s.public_id AS subscriber_public_id, r.public_id AS request_public_id, e.state = 'paused' AS paused, ${ineligibleBecause('$1')} AS reason,
    d.attempt > 0 AND ${mayHaveArrived('d.id')} AS doubted
  FROM due AS d ${ELIGIBILITY_JOINS}
), parking AS MATERIALIZED (
  SELECT id FROM editions WHERE id IN (SELECT edition_id FROM judged WHERE paused) AND state = 'paused' FOR SHARE SKIP LOCKED
), verdicts AS MATERIALIZED (
  SELECT id, subscriber_public_id, request_public_id, reason, doubted,
    CASE WHEN reason IS NOT NULL AND doubted THEN 'uncertain' WHEN reason = 'late' THEN 'failed' WHEN reason IS NOT NULL THEN 'cancelled'
      WHEN edition_id IN (SELECT id FROM parking) THEN 'parked' ELSE 'claimed' END AS verdict
  FROM judged
)
UPDATE deliveries d SET
  state = CASE v.verdict WHEN 'parked' THEN d.state WHEN 'claimed' THEN 'sending' ELSE v.verdict::delivery_state END,
  attempt = d.attempt + CASE v.verdict WHEN 'claimed' THEN 1 ELSE 0 END,
  claimed_by = CASE v.verdict WHEN 'claimed' THEN $3 END,
  lease_until = CASE v.verdict WHEN 'claimed' THEN clock_timestamp() + $4 * interval '1 second' END,
  handed_at = CASE v.verdict WHEN 'claimed' THEN NULL ELSE d.handed_at END,
  parked = v.verdict = 'parked',
  finished_at = CASE WHEN v.reason IS NOT NULL THEN $1 END,
  end_reason = ${endReason('v.reason')},
  last_reply = ${lastWords('v.reason')}
FROM verdicts v WHERE d.id = v.id
RETURNING d.id, d.public_id, d.kind, d.key, d.email, d.language, d.key_id, d.generation, d.payload, d.created_at, coalesce(d.dated_at, $1) AS dated_at, d.attempt, d.priority,
  d.next_attempt_at, d.late_at, CASE v.verdict WHEN 'parked' THEN 'planned' ELSE d.state END AS state, v.subscriber_public_id, v.request_public_id, v.doubted, d.message_id IS NOT NULL AS tried,
  CASE WHEN d.attempt > 1 THEN (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id AND a.attempt > d.tries_from) ELSE 0 END AS tries`;

/** The claim; its columns are those of the row before it is ended or set aside. */
export const CLAIM = measured(
  'claim deliveries',
  {
    id: int8,
    public_id: uuid,
    kind: enumOf<MailKind>('delivery_kind'),
    key: text,
    email: filled(text), // of what is claimed: without an address it is ended here
    language: text,
    key_id: int4,
    generation: int4,
    payload: orNull(jsonb),
    created_at: instant,
    dated_at: instant,
    attempt: int4,
    priority: int2,
    next_attempt_at: instant,
    late_at: orNull(instant),
    state: enumOf<DeliveryState>('delivery_state'),
    subscriber_public_id: orNull(text),
    request_public_id: orNull(text),
    doubted: bool,
    tried: bool,
    tries: int8,
  },
  CLAIM_SQL,
);

type ClaimRow = Row<(typeof CLAIM)['columns']>;

/**
 * Claims up to `limit` deliveries that are due, urgent kinds first, for one worker; consent, suppression, lateness and
 * the edition's state are checked again here, and what may not go out ends as cancelled or failed (late). The lease
 * runs by the database's clock: whether a worker is alive is no question of the pretended `now`.
 */
export async function claimDeliveries(
  db: Db,
  by: { worker: string; limit: number; now: Date; leaseSeconds: number },
): Promise<ClaimResult> {
  // Not a named statement: the plan PostgreSQL makes once for any limit reads the whole table.
  const rows = await runOnPool(db, CLAIM, [by.now, by.limit, by.worker, by.leaseSeconds]);
  const of = (state: DeliveryState) => rows.filter((row) => row.state === state);
  return {
    claimed: of('sending').sort(byUrgency).map(toClaimed),
    cancelled: of('cancelled').length,
    failed: of('failed').length,
    uncertain: of('uncertain').length,
    parked: of('planned').length,
  };
}

function byUrgency(a: ClaimRow, b: ClaimRow): number {
  const byTime = a.next_attempt_at.getTime() - b.next_attempt_at.getTime();
  return a.priority - b.priority || byTime || Number(a.id - b.id);
}

function toClaimed(row: ClaimRow): ClaimedDelivery {
  return {
    id: row.id,
    publicId: row.public_id,
    kind: row.kind,
    key: row.key,
    email: row.email,
    language: row.language,
    keyId: row.key_id,
    generation: row.generation,
    payload: row.payload,
    createdAt: row.created_at,
    datedAt: row.dated_at,
    attempt: row.attempt,
    tries: Number(row.tries),
    doubted: row.doubted,
    tried: row.tried,
    lateAt: row.late_at,
    subscriberPublicId: row.subscriber_public_id,
    requestPublicId: row.request_public_id,
  };
}
