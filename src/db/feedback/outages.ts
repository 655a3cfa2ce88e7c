import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, int8, orNull, text } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';
import { endWait } from './outage-mails.ts';

/** Hours in which a destination refuses as unknown whom it knows. */
export interface Outage {
  destination: string;
  beganAt: Date;
  refusedAt: Date;
  probeAt: Date;
  /** When the last probe that it took was let go. */
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

const goingOn = query(
  'outages that go on',
  { destination: text },
  (given: { destinations: string[] }) => sql`
    SELECT destination FROM destination_outages WHERE destination = ANY(${given.destinations}::text[]) AND ended_at IS NULL
    ORDER BY destination FOR SHARE`,
);

/**
 * Tells which of these destinations have an outage still. One that is being ended is waited for: what was set aside
 * meanwhile is not seen by whoever ends it, and would wait on.
 */
export async function outagesGoOn(db: Tx, destinations: readonly string[]): Promise<Set<string>> {
  return new Set((await goingOn(db, { destinations: [...destinations] })).map(({ destination }) => destination));
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
    UPDATE destination_outages SET probe_at = ${given.next}
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

/** A mail that finds out how a destination fares, and when it was let go. */
export interface Probe {
  destination: string;
  at: Date;
}

const giveBack = command(
  'give the probe of a destination back',
  (given: Probe) => sql`
    UPDATE destination_outages SET probe_at = least(probe_at, ${given.at}) WHERE destination = ${given.destination} AND ended_at IS NULL`,
);

/** Notes that a probe did not go, and waits until `at`: the next one need not wait for longer. */
export async function giveProbeBack(db: Tx, destination: string, at: Date): Promise<void> {
  await giveBack(db, { destination, at });
}

const pass = query(
  'pass a probe',
  { passed: int4 },
  (given: Probe) => sql`
    UPDATE destination_outages SET passed = CASE WHEN by_report THEN 0 ELSE passed + 1 END, probed_at = greatest(probed_at, ${given.at})
    WHERE destination = ${given.destination} AND ended_at IS NULL RETURNING passed`,
);

/**
 * Notes that a destination took a probe. Returns how many in a row; 0 where it has no outage, or one that reports told
 * of.
 */
export async function passProbe(db: Tx, probe: Probe): Promise<number> {
  return (await pass(db, probe))[0]?.passed ?? 0;
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
