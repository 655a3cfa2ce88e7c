import { PRIORITY } from '../model/delivery.ts';
import { TEMPLATE_VERSION } from '../model/newsletter.ts';
import { asDate } from '../lib/time.ts';
import type { Tx } from './client.ts';

/** One chosen newsletter, ready to be written together with its delivery. The arrays run in parallel, best paper first. */
export interface PlannedNewsletter {
  subscriberId: number;
  email: string;
  addressHash: Uint8Array;
  editionId: number;
  editionKey: string;
  entryIds: number[];
  paperIds: number[];
  /** 0 where the paper is there by trend alone. */
  matchIds: number[];
  /** -1 where the source does not say. */
  upvotes: number[];
  comments: number[];
  consideredCount: number;
  moreCount: number;
  trendingIds: number[];
  /** Weekly only: the week's movers, and the upvotes each gained. */
  moverIds?: number[];
  moverRises?: number[];
  language: string;
  keyId: number;
  generation: number;
  slotAt: Date;
  issuedOn: string;
  /** Later than this it fails as late. */
  lateAt: Date;
}

/** Most rows of one statement. */
const CHUNK = 2_000;

/**
 * Writes newsletters and their planned deliveries; call it inside the transaction that moves the readers on.
 * A newsletter that exists already, for (subscriber, edition), is left as it is. Returns the ids of the readers who got one now.
 */
export async function insertNewslettersWithDeliveries(
  db: Tx,
  rows: readonly PlannedNewsletter[],
  now: Date,
): Promise<Set<number>> {
  const written = new Set<number>();
  for (let start = 0; start < rows.length; start += CHUNK) {
    for (const { subscriber_id } of await insertChunk(db, rows.slice(start, start + CHUNK), now))
      written.add(subscriber_id);
  }
  return written;
}

function insertChunk(db: Tx, rows: readonly PlannedNewsletter[], now: Date): Promise<{ subscriber_id: number }[]> {
  const list = (pick: (row: PlannedNewsletter) => number[]) => rows.map((row) => `{${pick(row).join(',')}}`);
  return db.$queryRaw<{ subscriber_id: number }[]>`
    WITH v AS (
      SELECT * FROM unnest(
        ${rows.map((row) => row.subscriberId)}::int[], ${rows.map((row) => row.email)}::text[],
        ${rows.map((row) => Buffer.from(row.addressHash).toString('hex'))}::text[],
        ${rows.map((row) => row.editionId)}::int[], ${rows.map((row) => row.editionKey)}::text[],
        ${list((row) => row.entryIds)}::text[], ${list((row) => row.paperIds)}::text[], ${list((row) => row.matchIds)}::text[],
        ${list((row) => row.upvotes)}::text[], ${list((row) => row.comments)}::text[],
        ${rows.map((row) => row.consideredCount)}::int[], ${rows.map((row) => row.moreCount)}::int[],
        ${list((row) => row.trendingIds)}::text[], ${list((row) => row.moverIds ?? [])}::text[],
        ${list((row) => row.moverRises ?? [])}::text[], ${rows.map((row) => row.language)}::text[],
        ${rows.map((row) => row.keyId)}::int[], ${rows.map((row) => row.generation)}::int[],
        ${rows.map((row) => row.slotAt)}::timestamptz[], ${rows.map((row) => asDate(row.issuedOn))}::date[],
        ${rows.map((row) => row.lateAt)}::timestamptz[]
      ) AS t (subscriber_id, email, hash, edition_id, edition_key, entry_ids, paper_ids, match_ids, upvotes, comments,
              considered_count, more_count, trending_ids, mover_ids, mover_rises, language, key_id, generation, slot_at, issued_on, late_at)
    ), n AS (
      INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count,
        more_count, trending_ids, mover_ids, mover_rises, language, template_version, key_id, generation, slot_at, issued_on, created_at)
      SELECT subscriber_id, edition_id, entry_ids::int[], paper_ids::int[], match_ids::int[], upvotes::int[], comments::int[],
        considered_count, more_count, trending_ids::int[], mover_ids::int[], mover_rises::int[], language, ${TEMPLATE_VERSION}::int, key_id, generation, slot_at, issued_on,
        ${now}::timestamptz
      FROM v ON CONFLICT (subscriber_id, edition_id) DO NOTHING
      RETURNING id, subscriber_id, edition_id
    ), d AS (
      INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation,
        priority, next_attempt_at, late_at, created_at)
      SELECT 'newsletter', v.edition_key, n.subscriber_id, n.edition_id, n.id, v.email, decode(v.hash, 'hex'), v.language, v.key_id,
        v.generation, ${PRIORITY.newsletter}::smallint, ${now}::timestamptz, v.late_at, ${now}::timestamptz
      FROM n JOIN v ON v.subscriber_id = n.subscriber_id AND v.edition_id = n.edition_id
      ON CONFLICT (subscriber_id, kind, key) DO NOTHING
    )
    SELECT subscriber_id FROM n`;
}
