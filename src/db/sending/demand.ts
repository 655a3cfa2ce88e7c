import type { Cadence } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { enumOf, filled, float8, instant, int2, int4, orNull, text } from '../columns.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { query, raw, sql } from '../statement.ts';

/** Readers of one schedule and one destination who are due at the same time. */
export interface DueGroup {
  cadence: Cadence;
  weekday: number;
  hour: number;
  timeZone: string;
  dueAt: Date;
  destination: string;
  readers: number;
}

const dueGroups = query(
  'readers by slot and destination',
  {
    ...{ cadence: enumOf<Cadence>('cadence'), weekday: int2, hour: int2, timeZone: text },
    ...{ dueAt: filled(instant), destination: filled(text), readers: int4 },
  },
  (given: { until: Date; destinations: string[] }) => sql`
    SELECT s.cadence, s.weekday, s.hour, s.time_zone AS "timeZone", s.next_due_at AS "dueAt", count(*)::int AS readers,
      CASE WHEN split_part(s.email, '@', 2) = ANY(${given.destinations}::text[]) THEN split_part(s.email, '@', 2) ELSE '' END AS destination
    FROM subscribers s
    WHERE s.next_due_at < ${given.until} AND s.planning_problem IS NULL AND (s.paused_until IS NULL OR s.paused_until <= s.next_due_at)
      AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = s.address_hash)
    GROUP BY 1, 2, 3, 4, 5, 7 ORDER BY s.next_due_at`,
);

const largest = query(
  'destinations of most readers',
  { destination: filled(text), readers: int4 },
  (given: { most: number }) => sql`
    SELECT split_part(email, '@', 2) AS destination, count(*)::int AS readers FROM subscribers WHERE next_due_at IS NOT NULL
    GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${given.most}`,
);

/** Destinations that are told apart; each of the others has few readers, and they stand together as ''. */
const MOST = 100;

/** Names the destinations that are told apart: those of most readers. */
export async function largestDestinations(db: Tx): Promise<string[]> {
  return (await largest(db, { most: MOST })).map(({ destination }) => destination);
}

/** Groups the readers who are due before an instant by slot and destination. */
export async function loadDueGroups(db: Tx, until: Date, destinations: string[]): Promise<DueGroup[]> {
  return dueGroups(db, { until, destinations });
}

/** Newsletters that wait already, by destination. */
export interface Backlog {
  destination: string;
  timeZone: string;
  lateAt: Date;
  mails: number;
}

const backlog = query(
  'newsletters that wait, by destination',
  { destination: filled(text), timeZone: text, lateAt: filled(instant), mails: int4 },
  (given: { destinations: string[]; now: Date }) => sql`
    SELECT CASE WHEN split_part(d.email, '@', 2) = ANY(${given.destinations}::text[]) THEN split_part(d.email, '@', 2) ELSE '' END AS destination,
      s.time_zone AS "timeZone",
      coalesce(date_bin('15 minutes', d.late_at + interval '15 minutes' - interval '1 millisecond', timestamptz 'epoch'),
        ${given.now}::timestamptz + interval '12 hours') AS "lateAt", count(*)::int AS mails
    FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id
    WHERE d.state IN ('planned', 'retrying') AND ${raw(isNewsletter('d'))} AND NOT d.parked GROUP BY 1, 2, 3`,
);

/**
 * Counts the newsletters that wait to be sent, by destination and by when they are late. That is exact for slots, which
 * begin at quarters of an hour in every zone; a welcome has until the next quarter, so that none is late too early.
 */
export async function loadBacklog(db: Tx, now: Date, destinations: string[]): Promise<Backlog[]> {
  return backlog(db, { now, destinations });
}

const figures = query(
  'figures of the last days',
  {
    ...{ perMinute: orNull(float8), fastest: orNull(float8), changedAt: orNull(instant) },
    ...{ share: orNull(float8), weeklyShare: orNull(float8) },
  },
  (given: { since: Date; limits: string[] }) => sql`
    WITH recent AS (SELECT id, key FROM editions WHERE created_at >= ${given.since} AND key NOT LIKE 'welcome:%'),
    changed AS (SELECT max(at) AS at FROM audit_log WHERE at >= ${given.since} AND subject = ANY(${given.limits}::text[])),
    minutes AS (SELECT date_trunc('minute', at) AS minute, count(*) AS n FROM attempts
      WHERE at >= ${given.since} AND at >= coalesce((SELECT at FROM changed), ${given.since}) AND outcome = 'sent' GROUP BY 1),
    full_minutes AS (SELECT n FROM (SELECT n, minute - lag(minute) OVER w AS before, lead(minute) OVER w - minute AS after
      FROM minutes WINDOW w AS (ORDER BY minute)) m WHERE before = interval '1 minute' AND after = interval '1 minute'),
    shares AS (SELECT weekly, got / (got + nothing) AS share, got + nothing AS slots FROM (SELECT r.key LIKE 'weekly:%' AS weekly,
      (SELECT coalesce(sum(s.n), 0)::float8 FROM edition_sums s WHERE s.edition_id = r.id) AS got,
      (SELECT coalesce(sum(x.n), 0)::float8 FROM edition_nothing_readers x WHERE x.edition_key = r.key)
        + (SELECT coalesce(sum(x.n), 0)::float8 FROM edition_nothing x WHERE x.edition_key = r.key) AS nothing
      FROM recent r) e WHERE got + nothing > 0),
    fuller AS (SELECT weekly, share FROM shares s WHERE slots * 10 >= (SELECT max(slots) FROM shares x WHERE x.weekly = s.weekly))
    SELECT (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY n) FROM full_minutes) AS "perMinute",
      (SELECT max(n)::float8 FROM minutes) AS fastest,
      (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY share) FROM fuller WHERE NOT weekly) AS share,
      (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY share) FROM fuller WHERE weekly) AS "weeklyShare",
      (SELECT at FROM changed) AS "changedAt"`,
);

/** What the last days tell of those to come. */
export interface Figures {
  /**
   * Mails of a minute that was among the busiest tenth of those between two others in which mails left: there was more
   * to send all the while. Null where there is none since the limits are what they are.
   */
  perMinute: number | null;
  /** Mails of the busiest minute, whatever left before and after it. */
  fastest: number | null;
  /** When one of the limits was changed last within these days; null where none was. */
  changedAt: Date | null;
  /**
   * Of readers whose slot came in a daily edition, how many got it, as on full days: 0 to 1; of nine editions in ten it
   * was no more. Those count that anybody got, with at least a tenth of the slots of the largest; null: there is none.
   */
  share: number | null;
  /** The same of weekly editions. */
  weeklyShare: number | null;
}

/** Reads the figures since an instant; `limits` names the settings that bring a speed about. */
export async function loadFigures(db: Tx, since: Date, limits: readonly string[]): Promise<Figures> {
  const [row] = await figures(db, { since, limits: [...limits] });
  const { perMinute = null, fastest = null, share = null, weeklyShare = null, changedAt = null } = row ?? {};
  return { perMinute, fastest, share, weeklyShare, changedAt };
}

/** Returns the share of a cadence's slots that bring a newsletter; what is not known yet is as in the other cadence. */
export function shareOf({ share, weeklyShare }: Figures, cadence: Cadence): number {
  return (cadence === 'weekly' ? (weeklyShare ?? share) : (share ?? weeklyShare)) ?? 1;
}
