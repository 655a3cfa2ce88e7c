import type { Tx } from '../client.ts';
import { bool, instant, int4, orNull, text } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';
import { BEGIN_ANEW, isClaimable, isShown } from '../ledger/moves.ts';
import { WAITS } from '../ledger/waiting.ts';

/** How long ago an address must have taken a mail to be proven, in days. */
const PROVEN_DAYS = 90;
/** Refusals are looked at over so many minutes. */
const WINDOW_MINUTES = 60;
/** Refusals with no longer rest than this between them are one trouble, told of once. */
const REST_HOURS = 6;
/** Kept so long. */
const KEPT_DAYS = 2;

/** Whether the address under this hash took a mail lately. */
const proven = (hash: string, now: Date) => sql`EXISTS (
  SELECT 1 FROM deliveries taken WHERE taken.address_hash = ${raw(hash)} AND taken.state = 'sent'
    AND taken.sent_at >= ${now}::timestamptz - ${PROVEN_DAYS} * interval '1 day')`;

const destinationOf = (row: string) => raw(`split_part(${row}.email, '@', 2)`);

const since = (now: Date) => sql`${now}::timestamptz - ${WINDOW_MINUTES} * interval '1 minute'`;

/** What one destination has refused of late. */
export interface Refusals {
  destination: string;
  /** Proven addresses refused within the hour. */
  refused: number;
  /** When the trouble began, and when the last one before the newest came. */
  begunAt: Date;
  lastAt: Date | null;
  /** Some within the hour were excused. */
  excused: boolean;
  /** The server's words of the newest. */
  reply: string;
}

const note = query(
  'note refusals',
  { destination: text, reply: orNull(text) },
  (given: { now: Date; ids: string[] }) => sql`
    INSERT INTO sending_refusals AS r (delivery_id, destination, at, begun_at)
    SELECT d.id, ${destinationOf('d')}, ${given.now}, coalesce(
      (SELECT min(b.begun_at) FROM sending_refusals b
        WHERE b.destination = ${destinationOf('d')} AND b.at > ${given.now}::timestamptz - ${REST_HOURS} * interval '1 hour'), ${given.now})
    FROM deliveries d WHERE d.id = ANY(${given.ids}::bigint[]) AND d.state = 'bounced' AND ${proven('d.address_hash', given.now)}
    ON CONFLICT (delivery_id) DO UPDATE SET at = excluded.at, begun_at = excluded.begun_at, excused = false
    RETURNING destination, (SELECT last_reply FROM deliveries WHERE id = r.delivery_id) AS reply`,
);

const addUp = query(
  'add up refusals',
  { destination: text, refused: int4, begunAt: instant, lastAt: orNull(instant), excused: bool },
  (given: { now: Date; ids: string[]; destinations: string[] }) => sql`
    SELECT r.destination, count(DISTINCT d.address_hash)::int AS refused, min(r.begun_at) AS "begunAt",
      max(r.at) FILTER (WHERE r.delivery_id <> ALL(${given.ids}::bigint[])) AS "lastAt", bool_or(r.excused) AS excused
    FROM sending_refusals r JOIN deliveries d ON d.id = r.delivery_id
    WHERE r.destination = ANY(${given.destinations}) AND r.at > ${since(given.now)} GROUP BY r.destination`,
);

/**
 * Keeps those of these bounced deliveries whose address is proven, and adds up what their destinations refused within
 * the hour. Empty where all went to addresses that never took a mail.
 */
export async function noteRefusals(db: Tx, ids: readonly bigint[], now: Date): Promise<Refusals[]> {
  await db.sendingRefusal.deleteMany({ where: { at: { lt: new Date(now.getTime() - KEPT_DAYS * 86_400_000) } } });
  const noted = await note(db, { now, ids: ids.map(String) });
  const replies = new Map(noted.map(({ destination, reply }) => [destination, reply]));
  const rows = await addUp(db, { now, ids: ids.map(String), destinations: [...replies.keys()] });
  return rows.map((row) => ({ ...row, reply: replies.get(row.destination) ?? '' }));
}

const countProvenAt = query(
  'count proven readers',
  { count: int4 },
  (given: { destination: string; most: number; now: Date }) => sql`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM subscribers s WHERE ${destinationOf('s')} = ${given.destination} AND ${proven('s.address_hash', given.now)} LIMIT ${given.most}) AS counted`,
);

/** Counts the readers of a destination that are proven, up to `most`: a large one is not counted to its end. */
export async function countProven(db: Tx, destination: string, most: number, now: Date): Promise<number> {
  const [row] = await countProvenAt(db, { destination, most, now });
  return row?.count ?? 0;
}

const excuse = command(
  'excuse refusals',
  (given: { destination: string; now: Date; retryAt: Date }) => sql`
    WITH refused AS MATERIALIZED (
      SELECT DISTINCT x.address_hash, x.at FROM suppressions x JOIN deliveries d ON d.address_hash = x.address_hash
      WHERE x.reason = 'hard' AND x.at > ${since(given.now)} AND d.state = 'bounced' AND d.finished_at >= x.at
        AND ${destinationOf('d')} = ${given.destination} AND ${proven('x.address_hash', given.now)}
    ), lifted AS (
      DELETE FROM suppressions x USING refused WHERE x.address_hash = refused.address_hash AND x.reason = 'hard'
    ), noted AS (
      UPDATE sending_refusals SET excused = true WHERE destination = ${given.destination} AND at > ${since(given.now)} AND NOT excused
    ), ended AS MATERIALIZED (
      SELECT d.id FROM deliveries d JOIN refused ON refused.address_hash = d.address_hash
      WHERE d.finished_at >= refused.at AND (d.state = 'bounced' OR (d.state = 'cancelled' AND d.end_reason = 'suppressed'))
        AND NOT EXISTS (
          SELECT 1 FROM newsletters n JOIN newsletters other ON other.subscriber_id = n.subscriber_id AND other.id <> n.id AND other.paper_ids && n.paper_ids
          JOIN deliveries later ON later.newsletter_id = other.id
          WHERE n.id = d.newsletter_id AND ${raw(isShown('later'))})
      ORDER BY d.id FOR UPDATE OF d
    )
    UPDATE deliveries d SET state = 'retrying', next_attempt_at = ${given.retryAt}, ${raw(BEGIN_ANEW)}
    FROM ended WHERE d.id = ended.id`,
);

/**
 * Takes back what a destination's refusals of the last hour did to proven addresses: their suppressions are lifted, the
 * mails that ended so are due again at `retryAt` with a fresh set of tries and their late limit as it was. One whose
 * papers came in another newsletter stays ended. Returns how many mails.
 */
export async function excuseRefusals(db: Tx, destination: string, now: Date, retryAt: Date): Promise<number> {
  return excuse(db, { destination, now, retryAt });
}

const setAside = command(
  'set proven readers aside',
  (given: { destination: string; now: Date; retryAt: Date; words: string }) => sql`
    WITH waiting AS MATERIALIZED (
      SELECT d.id FROM deliveries d WHERE ${raw(isClaimable('d'))} AND d.next_attempt_at < ${given.retryAt}
        AND ${destinationOf('d')} = ${given.destination} AND ${proven('d.address_hash', given.now)}
      ORDER BY d.id FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries d SET state = 'retrying', next_attempt_at = ${given.retryAt}, last_reply = ${given.words}
    FROM waiting WHERE d.id = waiting.id`,
);

/**
 * Sets aside until `retryAt` what waits for the proven readers of a destination, so that not everybody is refused once
 * more.
 */
export async function setAsideProven(db: Tx, destination: string, now: Date, retryAt: Date): Promise<void> {
  await setAside(db, { destination, now, retryAt, words: `${WAITS}${destination} refuses its readers as unknown` });
}
