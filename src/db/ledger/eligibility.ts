import { isOfKind } from './kinds.ts';
import type { Audience } from '../../model/mail-kind.ts';

/** Says in SQL, for each audience, why a mail `d` may not go to it now beyond what holds for all; null where it may. */
const RULES: Record<Audience, (now: string) => string> = {
  operator: () => 'NULL',
  confirmed: (now) => `CASE
      WHEN d.newsletter_id IS NULL THEN 'newsletter_gone'
      WHEN s.status = 'unsubscribed' THEN 'unsubscribed'
      WHEN s.status <> 'confirmed' THEN 'not_confirmed'
      WHEN s.paused_until > ${now} THEN 'paused'
      WHEN s.email <> d.email THEN 'address_changed' END`,
  told: () => `CASE WHEN r.id IS NULL THEN 'request_gone' WHEN r.undone_at IS NOT NULL THEN 'taken_back' END`,
  reader: () => `CASE WHEN s.email <> d.email THEN 'address_changed' END`,
  asked: (now) => `CASE
      WHEN r.id IS NULL THEN 'request_gone'
      WHEN m.reason IS NOT NULL AND (s.confirmed_at IS NULL OR r.new_email IS NOT NULL) THEN 'declined'
      WHEN r.used_at IS NOT NULL THEN 'already_answered'
      WHEN r.expires_at <= ${now} THEN 'expired'
      WHEN r.new_email IS NULL AND s.status = 'confirmed' THEN 'already_confirmed'
      WHEN coalesce(r.new_email, s.email) <> d.email THEN 'address_changed' END`,
};

const isFor = (audience: Audience) => isOfKind('d', (kind) => kind.audience === audience);
const toOperator = isFor('operator');
const whileErased = isOfKind('d', (kind) => kind.whileErased);

/**
 * Says in SQL why a delivery `d` may not go out now, as an end reason, that of a suppression with a colon and its own;
 * null where it may. It fails closed: what cannot be found (person, hash, request, newsletter,
 * kind) is a reason. `now` is the placeholder of the current instant. Needs ELIGIBILITY_JOINS.
 */
export function ineligibleBecause(now: string): string {
  const audiences = Object.keys(RULES) as Audience[];
  return `CASE
    WHEN e.state = 'cancelled' THEN 'edition_cancelled'
    WHEN d.late_at < ${now} THEN 'late'
    WHEN d.email IS NULL THEN 'erased'
    WHEN NOT ${toOperator} AND s.id IS NULL THEN 'erased'
    WHEN NOT ${toOperator} AND d.address_hash IS NULL THEN 'address_unknown'
    WHEN x.reason <> 'erased' OR (x.reason = 'erased' AND NOT ${whileErased}) THEN 'suppressed:' || x.reason
    ${audiences.map((audience) => `WHEN ${isFor(audience)} THEN ${RULES[audience](now)}`).join('\n    ')}
    ELSE 'kind_unknown' END`;
}

/** Reads in SQL the end reason out of what ineligibleBecause says. */
export function endReason(reason: string): string {
  return `split_part(${reason}, ':', 1)::end_reason`;
}

/**
 * Says in SQL what words the ledger keeps of a delivery `d` that meets `reason`: of a suppression why there is one;
 * else the last ones, which say what held it up.
 */
export function lastWords(reason: string): string {
  return `CASE WHEN starts_with(${reason}, 'suppressed:') THEN split_part(${reason}, ':', 2) ELSE d.last_reply END`;
}

/**
 * Brings in what ineligibleBecause looks at: edition e, subscriber s, suppression x, confirmation request r, and for a
 * question the decline m of its mailbox.
 */
export const ELIGIBILITY_JOINS = `
  LEFT JOIN editions e ON e.id = d.edition_id
  LEFT JOIN subscribers s ON s.id = d.subscriber_id
  LEFT JOIN suppressions x ON x.address_hash = d.address_hash
  LEFT JOIN confirmation_requests r ON r.id = d.request_id
  LEFT JOIN suppressions m ON ${isFor('asked')} AND m.address_hash = d.mailbox_hash`;

/**
 * Says in SQL whether an earlier try of the delivery `id` may have arrived; given up, it is `uncertain` then, and its
 * papers stay shown.
 */
export function mayHaveArrived(id: string): string {
  // Counted, since PostgreSQL may turn EXISTS into a look at the whole table.
  return `(SELECT count(*) > 0 FROM attempts doubt WHERE doubt.delivery_id = ${id} AND doubt.outcome = 'uncertain')`;
}

/**
 * Says in SQL whether the body of the delivery `id` went over in an earlier try, whatever became of it: its Date is
 * frozen then.
 */
export function wentOver(id: string): string {
  return `(SELECT count(*) > 0 FROM attempts whole WHERE whole.delivery_id = ${id} AND (whole.stage = 'reply' OR whole.outcome = 'uncertain'))`;
}
