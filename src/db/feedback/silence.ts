import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Tells whether something came in since: a mail by its subject, or a provider's notification by its id. */
export async function hasCome(
  db: Tx,
  { subject, providerId }: { subject?: string; providerId?: string },
  since: Date,
): Promise<boolean> {
  if (providerId !== undefined) return (await db.feedbackEvent.count({ where: { providerId } })) > 0;
  return (await db.feedbackReport.count({ where: { subject: subject ?? '', receivedAt: { gte: since } } })) > 0;
}

/** How reports came in over the last editions, and before them. */
export interface Silence {
  /** When the third last edition was made; null where there are not as many. */
  since: Date | null;
  /** Whether any came since. */
  heard: boolean;
  /** Reports in the 30 days before, over so many editions; 0 where some were heard, since nobody asks then. */
  before: number;
  editions: number;
  lastAt: Date | null;
}

const silenceOf = query(
  'silence of the doors',
  {
    since: orNull(instant),
    heard: filled(bool),
    before: filled(int4),
    editions: filled(int4),
    lastAt: orNull(instant),
  },
  (given: { now: Date }) => sql`
    WITH sent AS (
      SELECT e.created_at FROM editions e WHERE e.created_at <= ${given.now}
        AND EXISTS (SELECT FROM edition_sums s WHERE s.edition_id = e.id AND s.state = 'sent' AND s.n > 0)
    ), third AS (SELECT created_at AS since FROM sent ORDER BY created_at DESC OFFSET 2 LIMIT 1),
    reports AS NOT MATERIALIZED (
      SELECT at FROM feedback_events WHERE door <> 'session' AND effect <> 'filed' AND at <= ${given.now}
    ), heard AS MATERIALIZED (SELECT EXISTS (SELECT FROM reports WHERE at >= (SELECT since FROM third)) AS so)
    SELECT (SELECT since FROM third) AS since, (SELECT so FROM heard) AS heard,
      CASE WHEN (SELECT so FROM heard) THEN 0
        ELSE (SELECT count(*)::int FROM reports, third WHERE at < since AND at >= since - interval '30 days') END AS before,
      (SELECT count(*)::int FROM sent, third WHERE created_at < since AND created_at >= since - interval '30 days') AS editions,
      (SELECT max(at) FROM reports) AS "lastAt"`,
);

/** Looks how reports came in of late, beside the 30 days before. */
export async function lookForSilence(db: Tx, now: Date): Promise<Silence> {
  const [row] = await silenceOf(db, { now });
  return row ?? { since: null, heard: false, before: 0, editions: 0, lastAt: null };
}
