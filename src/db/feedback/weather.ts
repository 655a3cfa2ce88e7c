import type { Answer } from '../../model/destination-day.ts';
import type { RefusalTopic } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { filled, instant, int4, int8, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

const largest = query(
  'days of the largest destinations',
  {
    destination: text,
    day: filled(text),
    answer: textOf<Answer>(),
    about: textOf<RefusalTopic | ''>(),
    n: int8,
  },
  (given: { since: string; find: string; most: number }) => sql`
    WITH largest AS (
      SELECT destination, sum(n) AS mails FROM destination_days WHERE day >= ${given.since}::date AND strpos(destination, ${given.find}) > 0
      GROUP BY destination ORDER BY 2 DESC, 1 LIMIT ${given.most}
    )
    SELECT d.destination, d.day::text AS day, d.answer, d.about, d.n FROM destination_days d JOIN largest l ON l.destination = d.destination
    WHERE d.day >= ${given.since}::date ORDER BY l.mails DESC, d.destination, d.day, d.answer, d.about`,
);

/** Reads how the largest destinations answered since a day, the one with most mails first; `find` is in their names. */
export async function readWeather(db: Tx, wish: { since: string; find: string; most: number }) {
  return (await largest(db, wish)).map((row) => ({ ...row, n: Number(row.n) }));
}

/** What words differ in though they mean the same: whatever holds a digit or is an address. */
const PLAIN = sql`btrim(regexp_replace(regexp_replace(lower(e.line), '\\S*[0-9@]\\S*', ' ', 'g'), '\\s+', ' ', 'g'))`;

const strange = query(
  'refusals that no rule knows',
  {
    line: filled(text),
    count: int4,
    destinations: int4,
    destination: filled(text),
    firstAt: filled(instant),
    lastAt: filled(instant),
  },
  (given: { since: Date; most: number }) => sql`
    SELECT (array_agg(g.line ORDER BY g.id DESC))[1] AS line, count(*)::int AS count, count(DISTINCT g.destination)::int AS destinations,
      min(g.destination) AS destination, min(g.at) AS "firstAt", max(g.at) AS "lastAt"
    FROM (SELECT e.id, e.line, e.destination, e.at, ${PLAIN} AS words FROM feedback_events e
      WHERE e.kind IN ('hard', 'soft') AND e.rule IS NULL AND e.line IS NOT NULL AND e.corrected_kind IS NULL) g
    WHERE g.words <> '' GROUP BY g.words HAVING min(g.at) >= ${given.since} ORDER BY 2 DESC, 6 DESC LIMIT ${given.most}`,
);

/** Finds refusals that no rule knows, first heard since, by their words, the most frequent first. */
export async function findStrange(db: Tx, since: Date, most: number) {
  return strange(db, { since, most });
}

const forget = command(
  'forget days of destinations',
  (given: { before: string }) => sql`
    DELETE FROM destination_days WHERE day < ${given.before}::date`,
);

/** Forgets how destinations answered before a day. Returns how many rows that were. */
export async function forgetDays(db: Tx, before: string): Promise<number> {
  return forget(db, { before });
}

const forgetAlone = command(
  'forget destinations of one person',
  (given: { destinations: string[] }) => sql`
    WITH alone AS (
      SELECT v.destination FROM unnest(${given.destinations}::text[]) AS v(destination)
      WHERE NOT EXISTS (SELECT FROM subscribers s WHERE split_part(s.email, '@', 2) = v.destination)
    ), events AS (
      UPDATE feedback_events e SET destination = '' FROM alone WHERE e.destination = alone.destination
    ), outages AS (
      DELETE FROM destination_outages o USING alone WHERE o.destination = alone.destination
    ), paces AS (
      DELETE FROM sending_paces p USING alone WHERE p.name = 'domain:' || alone.destination
    )
    DELETE FROM destination_days d USING alone WHERE d.destination = alone.destination`,
);

/** Forgets what is counted of destinations at which nobody reads any more: a domain may be one person's. */
export async function forgetDestinations(db: Tx, destinations: readonly string[]): Promise<void> {
  if (destinations.length > 0) await forgetAlone(db, { destinations: [...destinations] });
}
