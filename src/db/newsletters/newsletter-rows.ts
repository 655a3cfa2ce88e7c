import { instant, int4, int8, ints, jsonb, orNull, text, type Row } from '../columns.ts';
import { measured } from '../measured.ts';
import { query, raw, sql } from '../statement.ts';

/** A newsletter as it was planned; `deliveryId` and its public id are null where the delivery is gone. */
const NEWSLETTER = {
  deliveryId: orNull(int8),
  deliveryPublicId: orNull(text),
  email: text,
  newsletterPublicId: text,
  subscriberPublicId: text,
  editionKey: text,
  entryIds: ints,
  matchIds: ints,
  upvotes: ints,
  comments: ints,
  trendingIds: ints,
  moverIds: ints,
  moverRises: ints,
  likedIds: orNull(ints),
  perhapsIds: orNull(ints),
  perhapsMatchIds: orNull(ints),
  dayLine: orNull(jsonb),
  wordings: orNull(jsonb),
  pickedIds: orNull(ints),
  editorNote: orNull(text),
  consideredCount: int4,
  moreCount: int4,
  language: text,
  generation: int4,
  keyId: int4,
  templateVersion: int4,
  at: instant,
  issuedOn: text,
};

/** A newsletter as it was planned. */
export type NewsletterRow = Row<typeof NEWSLETTER>;

/**
 * `n` is the newsletter, `d` its delivery; the address is the delivery's own, so that a resend goes where the first try
 * went.
 */
const COLUMNS = `
  d.id AS "deliveryId", d.public_id::text AS "deliveryPublicId", COALESCE(d.email, s.email) AS email, n.public_id::text AS "newsletterPublicId",
  s.public_id AS "subscriberPublicId", e.key AS "editionKey", n.entry_ids AS "entryIds", n.match_ids AS "matchIds", n.upvotes, n.comments,
  n.trending_ids AS "trendingIds", n.mover_ids AS "moverIds", n.mover_rises AS "moverRises", n.liked_ids AS "likedIds",
  n.perhaps_ids AS "perhapsIds", n.perhaps_match_ids AS "perhapsMatchIds", n.day_line AS "dayLine", n.wordings,
  n.picked_ids AS "pickedIds", (SELECT words ->> n.language FROM edition_notes WHERE id = n.note_id) AS "editorNote",
  n.considered_count AS "consideredCount", n.more_count AS "moreCount", n.language, n.generation,
  n.key_id AS "keyId", n.template_version AS "templateVersion", COALESCE(d.dated_at, n.slot_at) AS at, n.issued_on::text AS "issuedOn"`;

/** Reads the newsletters of deliveries. */
export const newslettersOfDeliveries = measured(
  'newsletter-inputs',
  NEWSLETTER,
  `SELECT ${COLUMNS} FROM deliveries d
   JOIN newsletters n ON n.id = d.newsletter_id JOIN subscribers s ON s.id = n.subscriber_id JOIN editions e ON e.id = n.edition_id
   WHERE d.id = ANY($1::bigint[])`,
);

/** Reads the newsletter of a public id. */
export const newsletterByPublicId = query(
  'newsletter by public id',
  NEWSLETTER,
  (given: { publicId: string }) => sql`
    SELECT ${raw(COLUMNS)} FROM newsletters n
    JOIN subscribers s ON s.id = n.subscriber_id JOIN editions e ON e.id = n.edition_id LEFT JOIN deliveries d ON d.newsletter_id = n.id
    WHERE n.public_id = ${given.publicId}::uuid ORDER BY d.id LIMIT 1`,
);
