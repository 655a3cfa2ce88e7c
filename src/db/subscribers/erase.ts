import { isOfKind } from '../ledger/kinds.ts';
import type { Tx } from '../client.ts';
import { tellFacts } from '../facts.ts';
import { bool, filled, int4, text } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';
import { dropUnusedInterests } from '../interests/interests.ts';

/** An address that mails to a subscriber went to. */
export interface PastAddress {
  email: string;
  /** Whether newsletters went there, or word of a move, so that it was theirs, and nobody else holds it now. */
  theirs: boolean;
}

const addressesMailed = query(
  'addresses mailed',
  { email: filled(text), theirs: bool },
  (given: { subscriberId: number }) => sql`
    SELECT email, bool_or(${raw(isOfKind('d', ({ provesAddress }) => provesAddress))}) AND NOT EXISTS (
      SELECT 1 FROM subscribers s WHERE s.email = d.email AND s.id <> ${given.subscriberId}) AS theirs
    FROM deliveries d WHERE subscriber_id = ${given.subscriberId} AND email IS NOT NULL GROUP BY email ORDER BY email`,
);

/** Lists every address that mails to a subscriber went to: the present one, former ones, ones they meant to move to. */
export async function addressesOf(db: Tx, subscriberId: number): Promise<PastAddress[]> {
  return addressesMailed(db, { subscriberId });
}

const forgetReplies = command(
  'forget replies about a subscriber',
  (given: { subscriberId: number }) => sql`
    UPDATE attempts a SET reply = NULL FROM deliveries d
    WHERE a.delivery_id = d.id AND d.subscriber_id = ${given.subscriberId}`,
);

const anonymise = command(
  'anonymise deliveries',
  (given: { subscriberId: number }) => sql`
    UPDATE deliveries
    SET email = NULL, address_hash = NULL, mailbox_hash = NULL, payload = NULL, request_id = NULL, subscriber_id = NULL, newsletter_id = NULL,
        last_reply = NULL
    WHERE subscriber_id = ${given.subscriberId}`,
);

/** Takes person and address off a subscriber's deliveries and out of what servers said of them. */
export async function anonymiseDeliveries(db: Tx, subscriberId: number): Promise<void> {
  await forgetReplies(db, { subscriberId });
  await anonymise(db, { subscriberId });
}

const interestsHeld = query(
  'interests held or once held',
  { id: int4 },
  (given: { id: number }) => sql`
    SELECT interest_id AS id FROM subscriber_interests WHERE subscriber_id = ${given.id}
    UNION
    SELECT m.interest_id FROM newsletters n JOIN matches m ON m.id = ANY(n.match_ids || n.perhaps_match_ids)
    WHERE n.subscriber_id = ${given.id}`,
);

/**
 * Deletes a subscriber with everything that hangs on the row, and the interests, past ones included, that nobody else
 * holds.
 */
export async function deleteSubscriber(db: Tx, id: number): Promise<void> {
  const held = await interestsHeld(db, { id });
  const { publicId } = await db.subscriber.delete({ where: { id }, select: { publicId: true } });
  tellFacts(db, { what: 'erased', reader: publicId });
  await dropUnusedInterests(
    db,
    held.map((row) => row.id),
  );
}
