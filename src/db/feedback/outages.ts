import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, int8, orNull, text } from '../columns.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { isClaimable, isShown, WITH_FRESH_TRIES } from '../ledger/moves.ts';
import { WAITS } from '../ledger/waiting.ts';
import { command, query, raw, sql } from '../statement.ts';
import { tookMail } from './events.ts';

/** Hours in which a destination refuses as unknown whom it knows. */
export interface Outage {
  destination: string;
  beganAt: Date;
  refusedAt: Date;
  probeAt: Date;
  probedAt: Date | null;
  /** Mails that it took in a row since the last refusal. */
  passed: number;
  byReport: boolean;
  reply: string;
}

/** Reads which of these destinations have an outage now; of all, without any named. */
export async function openOutages(db: Tx, destinations?: readonly string[]): Promise<Outage[]> {
  const among = destinations ? { destination: { in: [...destinations] } } : {};
  return db.destinationOutage.findMany({ where: { endedAt: null, ...among }, orderBy: { beganAt: 'asc' } });
}

/** Tells which of these destinations were believed since: their refusals went on for longer than an outage lasts. */
export async function believedSince(db: Tx, destinations: readonly string[], since: Date): Promise<Set<string>> {
  const rows = await db.destinationOutage.findMany({
    where: { destination: { in: [...destinations] }, givenUp: true, endedAt: { gte: since } },
    select: { destination: true },
  });
  return new Set(rows.map(({ destination }) => destination));
}

const refusedOf = query(
  'proven addresses refused',
  { destination: text, refused: int4 },
  (given: { destinations: string[]; since: Date }) => sql`
    SELECT destination, count(DISTINCT address_hash)::int AS refused FROM feedback_events
    WHERE destination = ANY(${given.destinations}::text[]) AND at > ${given.since} AND kind = 'hard' AND proven AND effect IN ('in-doubt', 'in-doubt-already', 'suppressed')
    GROUP BY destination`,
);

/** Counts the proven addresses that destinations refused as unknown since, by destination. */
export async function countRefused(tx: Tx, destinations: readonly string[], since: Date): Promise<Map<string, number>> {
  const rows = await refusedOf(tx, { destinations: [...destinations], since });
  return new Map(rows.map(({ destination, refused }) => [destination, refused]));
}

const domainOf = (row: string) => raw(`split_part(${row}.email, '@', 2)`);

const provenAt = query(
  'count proven readers',
  { count: int4 },
  (given: { destination: string; most: number; since: Date }) => sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM subscribers s WHERE ${domainOf('s')} = ${given.destination} AND EXISTS (
        SELECT FROM deliveries taken WHERE taken.address_hash = s.address_hash AND taken.state = 'sent' AND taken.sent_at >= ${given.since}) LIMIT ${given.most}) AS counted`,
);

/** Counts the readers of a destination that took a mail since, up to `most`: a large one is not counted to its end. */
export async function countProven(tx: Tx, destination: string, most: number, since: Date): Promise<number> {
  const [row] = await provenAt(tx, { destination, most, since });
  return row?.count ?? 0;
}

/** Begins an outage. */
export async function beginOutage(tx: Tx, outage: Omit<Outage, 'probedAt' | 'passed'>): Promise<void> {
  await tx.destinationOutage.create({ data: outage });
}

/** Notes that destinations refused again: the next probe is at `probeAt`. */
export async function outageGoesOn(tx: Tx, destinations: readonly string[], at: Date, probeAt: Date): Promise<void> {
  await tx.destinationOutage.updateMany({
    where: { destination: { in: [...destinations] }, endedAt: null },
    data: { refusedAt: at, passed: 0, probeAt },
  });
}

const askProbe = query(
  'ask for the probe of a destination',
  { destination: text, passed: int4 },
  (given: { destinations: string[]; now: Date; next: Date }) => sql`
    UPDATE destination_outages SET probe_at = ${given.next}, probed_at = ${given.now}
    WHERE destination = ANY(${given.destinations}::text[]) AND ended_at IS NULL AND (probe_at <= ${given.now} OR passed > 0)
    RETURNING destination, passed`,
);

/**
 * Asks how many mails may find out how destinations fare: one, and after it came through as many as are wanted for
 * being sure. Others are not told so until `next`.
 */
export async function takeProbes(
  db: Tx,
  destinations: readonly string[],
  { now, next, sure }: { now: Date; next: Date; sure: number },
): Promise<Map<string, number>> {
  const rows = await askProbe(db, { destinations: [...destinations], now, next });
  return new Map(rows.map(({ destination, passed }) => [destination, passed === 0 ? 1 : Math.max(1, sure - passed)]));
}

const pass = query(
  'pass a probe',
  { passed: int4 },
  (given: { destination: string }) => sql`
    UPDATE destination_outages SET passed = passed + 1 WHERE destination = ${given.destination} AND ended_at IS NULL RETURNING passed`,
);

/** Notes that a destination took a probe. Returns how many in a row; 0 where it has no outage. */
export async function passProbe(db: Tx, destination: string): Promise<number> {
  return (await pass(db, { destination }))[0]?.passed ?? 0;
}

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

const end = query(
  'end an outage',
  { beganAt: instant },
  (given: { destination: string; now: Date; givenUp: boolean }) => sql`
    UPDATE destination_outages SET ended_at = ${given.now}, given_up = ${given.givenUp} WHERE destination = ${given.destination} AND ended_at IS NULL
    RETURNING began_at AS "beganAt"`,
);

/**
 * Ends an outage: what waited for it is due. Null where there was none; else when it began, and how many mails waited.
 */
export async function endOutage(
  tx: Tx,
  destination: string,
  now: Date,
  givenUp: boolean,
): Promise<{ beganAt: Date; waited: number } | null> {
  const [row] = await end(tx, { destination, now, givenUp });
  return row ? { beganAt: row.beganAt, waited: await endWait(tx, destination, now) } : null;
}

const excusable = query(
  'events to be excused',
  { id: int8, hash: filled(text), subscriberId: orNull(int4), deliveryId: orNull(int8), at: instant, isSession: bool },
  (given: { destination: string; since: Date }) => sql`
    SELECT e.id, encode(e.address_hash, 'hex') AS hash, e.subscriber_id AS "subscriberId", e.delivery_id AS "deliveryId", e.at, e.door = 'session' AS "isSession"
    FROM feedback_events e
    WHERE e.destination = ${given.destination} AND e.at > ${given.since} AND e.kind = 'hard' AND e.proven AND e.address_hash IS NOT NULL
      AND e.effect IN ('in-doubt', 'in-doubt-already', 'suppressed') ORDER BY e.id DESC`,
);

/** Reads which events of a destination since are to be excused, newest first. */
export async function findExcusable(tx: Tx, destination: string, since: Date) {
  return excusable(tx, { destination, since });
}
