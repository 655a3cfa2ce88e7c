import type { Tx } from '../client.ts';
import { int8 } from '../columns.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { isClaimable, isShown, WITH_FRESH_TRIES } from '../ledger/moves.ts';
import { WAITS } from '../ledger/waiting.ts';
import { command, query, raw, sql } from '../statement.ts';
import { tookMail } from './unweighed.ts';

const domainOf = (row: string) => raw(`split_part(${row}.email, '@', 2)`);

const WORDS = `${WAITS}its destination refuses readers it knows as unknown`;

const proven = (row: string, since: Date) => tookMail(`${row}.address_hash`, sql`${since}`, `${row}.id`);

const provenAmong = query(
  'proven among mails',
  { id: int8 },
  (given: { ids: string[]; since: Date }) => sql`
    SELECT d.id FROM deliveries d WHERE d.id = ANY(${given.ids}::bigint[]) AND ${proven('d', given.since)}`,
);

/** Returns those of these mails whose address took one since. */
export async function findProven(db: Tx, ids: readonly bigint[], since: Date): Promise<Set<bigint>> {
  return new Set((await provenAmong(db, { ids: ids.map(String), since })).map(({ id }) => id));
}

/** What the ledger says of a mail that waits for the end of an outage. */
export const OUTAGE_WORDS = WORDS;

const setAside = command(
  'set proven readers aside',
  (given: { destination: string; since: Date; until: Date }) => sql`
    WITH waiting AS MATERIALIZED (
      SELECT d.id FROM deliveries d WHERE ${raw(isClaimable('d'))} AND d.next_attempt_at < ${given.until}
        AND ${domainOf('d')} = ${given.destination} AND ${raw(isNewsletter('d'))} AND ${proven('d', given.since)}
      ORDER BY d.id FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries d SET state = CASE WHEN d.attempt = 0 THEN d.state ELSE 'retrying' END, next_attempt_at = ${given.until}, last_reply = ${WORDS}
    FROM waiting WHERE d.id = waiting.id`,
);

/** Sets the newsletters aside that wait for the proven readers of a destination. Returns how many. */
export async function setAsideProven(tx: Tx, destination: string, since: Date, until: Date): Promise<number> {
  return setAside(tx, { destination, since, until });
}

const anew = command(
  'let refused mails wait again',
  (given: { ids: string[]; until: Date }) => sql`
    WITH ended AS MATERIALIZED (
      SELECT d.id FROM deliveries d WHERE d.id = ANY(${given.ids}::bigint[]) AND d.state = 'bounced' AND NOT EXISTS (
        SELECT FROM newsletters n JOIN newsletters other ON other.subscriber_id = n.subscriber_id AND other.id <> n.id AND other.paper_ids && n.paper_ids
        JOIN deliveries later ON later.newsletter_id = other.id WHERE n.id = d.newsletter_id AND ${raw(isShown('later'))})
      ORDER BY d.id FOR UPDATE
    )
    UPDATE deliveries d SET state = 'retrying', next_attempt_at = least(${given.until}::timestamptz + interval '1 minute', d.late_at + interval '1 second'), ${raw(WITH_FRESH_TRIES)}, last_reply = ${WORDS} FROM ended WHERE d.id = ended.id`,
);

/**
 * Lets mails wait again that a destination refused while it erred, a little longer than those that it has not refused;
 * one whose papers came in another newsletter stays ended. Returns how many.
 */
export async function letWaitAgain(tx: Tx, ids: readonly bigint[], until: Date): Promise<number> {
  return anew(tx, { ids: ids.map(String), until });
}

const dueNow = command(
  'end the wait for a destination',
  (given: { destination: string; now: Date; most: number }) => sql`
    WITH waiting AS MATERIALIZED (
      SELECT d.id FROM deliveries d WHERE ${raw(isClaimable('d'))} AND d.next_attempt_at > ${given.now}
        AND ${domainOf('d')} = ${given.destination} AND d.last_reply = ${WORDS} ORDER BY d.next_attempt_at, d.id LIMIT ${given.most} FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries d SET next_attempt_at = ${given.now} FROM waiting WHERE d.id = waiting.id`,
);

/** More than anybody has. */
const ALL = 2_000_000_000;

/** Makes due what waits for a destination, or so many of it. Returns how many. */
export async function endWait(db: Tx, destination: string, now: Date, most = ALL): Promise<number> {
  return dueNow(db, { destination, now, most });
}
