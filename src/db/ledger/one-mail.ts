import type { DeliveryState, EndReason } from '../../model/delivery.ts';
import type { EditionState } from '../../model/edition.ts';
import type { Tx } from '../client.ts';
import { bool, enumOf, instant, int4, int8, ints, orNull, text, uuid } from '../columns.ts';
import { query, raw, sql } from '../statement.ts';
import { ELIGIBILITY_JOINS, ineligibleBecause } from './eligibility.ts';
import { isNewsletter } from './kinds.ts';
import { triesOf } from './moves.ts';

const COLUMNS = {
  id: int8,
  publicId: uuid,
  key: text,
  state: enumOf<DeliveryState>('delivery_state'),
  endReason: orNull(enumOf<EndReason>('end_reason')),
  lastReply: orNull(text),
  tries: int4,
  parked: bool,
  nextAttemptAt: instant,
  lateAt: orNull(instant),
  sentAt: orNull(instant),
  finishedAt: orNull(instant),
  createdAt: instant,
  editionState: orNull(enumOf<EditionState>('edition_state')),
  atDoor: orNull(text),
  newsletterPublicId: orNull(uuid),
  slotAt: orNull(instant),
  paperIds: orNull(ints),
  pickedIds: orNull(ints),
  considered: orNull(int4),
  more: orNull(int4),
};

const mailOf = query(
  'the newsletter of a reader in an edition',
  COLUMNS,
  (given: { subscriberId: number; key: string; now: Date }) => sql`
    SELECT d.id, d.public_id AS "publicId", d.key, d.state, d.end_reason AS "endReason", d.last_reply AS "lastReply",
      ${raw(triesOf('d'))} AS tries, d.parked, d.next_attempt_at AS "nextAttemptAt",
      d.late_at AS "lateAt", d.sent_at AS "sentAt", d.finished_at AS "finishedAt", d.created_at AS "createdAt", e.state AS "editionState",
      ${atDoor(given.now)} AS "atDoor",
      n.public_id AS "newsletterPublicId", n.slot_at AS "slotAt", n.paper_ids AS "paperIds",
      (SELECT array_agg(p.id) FROM unnest(n.entry_ids, n.paper_ids) AS p (entry_id, id) WHERE p.entry_id = ANY(n.picked_ids)) AS "pickedIds",
      n.considered_count AS considered, n.more_count AS more
    FROM deliveries d ${raw(ELIGIBILITY_JOINS)} LEFT JOIN newsletters n ON n.id = d.newsletter_id
    WHERE d.subscriber_id = ${given.subscriberId} AND ${raw(isNewsletter('d'))} AND d.key = ${given.key}`,
);

/** The words of the claim, with the value of `now` in the place of its placeholder. */
function atDoor(now: Date) {
  const [first = '', ...rest] = ineligibleBecause('$now').split('$now');
  return rest.reduce((made, part) => sql`${made}${now}::timestamptz${raw(part)}`, raw(first));
}

/** A newsletter's mail as it stands; `atDoor` is what a claim would say of it now, null where it might go. */
export type OneMail = NonNullable<Awaited<ReturnType<typeof findMailOf>>>;

/** Finds the mail of a reader's newsletter in an edition, and asks what a claim would say of it now. */
export async function findMailOf(db: Tx, subscriberId: number, key: string, now: Date) {
  const [row] = await mailOf(db, { subscriberId, key, now });
  return row ?? null;
}

const mailsSince = query(
  'mails of a reader since',
  { id: int8 },
  (given: { subscriberId: number; since: Date }) => sql`
    SELECT d.id FROM deliveries d WHERE d.subscriber_id = ${given.subscriberId} AND ${raw(isNewsletter('d'))} AND d.created_at >= ${given.since}`,
);

/** Lists the newsletters' mails of a reader planned at an instant or later. */
export async function newsletterMailsSince(db: Tx, subscriberId: number, since: Date): Promise<bigint[]> {
  return (await mailsSince(db, { subscriberId, since })).map(({ id }) => id);
}
