import { STATES_THAT_SHOW, WAITING_STATES, type EndReason } from '../../model/delivery.ts';
import { mayHaveArrived } from './eligibility.ts';

// Parts of statements that more than one move of a delivery needs, each written once. `row` is the table's name or
// alias in the statement.

const listed = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');

/** Says in SQL whether a delivery waits to be sent: parked or not, due or not. */
export function isWaiting(row: string): string {
  return `${row}.state IN (${listed(WAITING_STATES)})`;
}

/**
 * Says in SQL whether a claim may look at a delivery: it waits, and its edition has not set it aside. The index of
 * claims holds these alone.
 */
export function isClaimable(row: string): string {
  return `${isWaiting(row)} AND NOT ${row}.parked`;
}

/** Says in SQL whether a delivery can still be stopped: it waits, or is claimed and not handed over. */
export function isStoppable(row: string): string {
  return `(${isWaiting(row)} OR (${row}.state = 'sending' AND ${row}.handed_at IS NULL))`;
}

/** Says in SQL whether the papers of a newsletter's delivery count as shown. */
export function isShown(row: string): string {
  return `${row}.state IN (${listed(STATES_THAT_SHOW)})`;
}

/** Sets in SQL that no worker holds a delivery any more. */
export const LET_GO = 'claimed_by = NULL, lease_until = NULL';

/**
 * Sets in SQL that a delivery is stopped: cancelled, or uncertain where an earlier try may have arrived. What it is
 * for, and when, is set beside it.
 */
export function stopped(row: string): string {
  return `state = CASE WHEN ${mayHaveArrived(`${row}.id`)} THEN 'uncertain' ELSE 'cancelled' END::delivery_state, parked = false, ${LET_GO}`;
}

/** Sets in SQL that a delivery `d` has a fresh set of tries and no end. */
export const WITH_FRESH_TRIES =
  'end_reason = NULL, finished_at = NULL, handed_at = NULL, parked = false, tries_from = d.attempt';

/** Sets in SQL that an ended or waiting delivery `d` begins anew, with a fresh set of tries. */
export const BEGIN_ANEW = `last_reply = CASE WHEN d.end_reason = 'suppressed' THEN NULL ELSE d.last_reply END, ${WITH_FRESH_TRIES}`;

/** Reasons about which the last words say more. */
const EXPLAINED: readonly EndReason[] = ['late', 'suppressed'];
/** Reasons that the last words say themselves. */
const SAID_BY_WORDS: readonly EndReason[] = ['used_up', 'refused', 'not_composed', 'lost', 'worker_died'];
const among = (row: string, reasons: readonly EndReason[]) => `${row}.end_reason IN (${listed(reasons)})`;

/**
 * Says in SQL, for a list, what is known of a delivery: why it ended with the last words about it, or these alone; null
 * where there is nothing to say.
 */
export function wordsAbout(row: string): string {
  const reason = `CASE ${row}.end_reason WHEN 'replaced' THEN 'replaced by the next edition'
      ELSE replace(${row}.end_reason::text, '_', ' ') END`;
  return `CASE WHEN ${among(row, EXPLAINED)} THEN left(${reason} || coalesce(': ' || ${row}.last_reply, ''), 500)
    WHEN ${row}.end_reason IS NULL OR ${among(row, SAID_BY_WORDS)} THEN coalesce(${row}.last_reply, ${reason})
    ELSE ${reason} END`;
}

/** Says in SQL how many tries a delivery had: of one that was sent, once its tries were forgotten, at least one. */
export function triesOf(row: string): string {
  const kept = `(SELECT count(*)::int FROM attempts a WHERE a.delivery_id = ${row}.id)`;
  return `greatest(${kept}, CASE WHEN ${row}.state = 'sent' THEN 1 ELSE 0 END)`;
}
