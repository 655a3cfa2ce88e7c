import type { Tx } from '../client.ts';
import { filled, int4, int8, orNull, text } from '../columns.ts';
import { isWaiting } from '../ledger/moves.ts';
import { query, raw, sql } from '../statement.ts';

/** What readers complained of lately, beside what was sent. */
export interface ComplaintShare {
  complaints: number;
  sent: number;
}

const complaintsSince = query(
  'complaints of late',
  { complaints: int4, sent: filled(int8) },
  (given: { since: Date }) => sql`
    SELECT (SELECT count(*)::int FROM feedback_events WHERE at >= ${given.since} AND kind = 'complaint' AND effect IN ('left', 'already')) AS complaints,
      coalesce((SELECT sum(s.n) FROM edition_sums s JOIN editions e ON e.id = s.edition_id WHERE e.created_at >= ${given.since} AND s.state = 'sent'), 0)::bigint AS sent`,
);

/** Counts complaints since, and the newsletters of editions made since. */
export async function complaintShare(db: Tx, since: Date): Promise<ComplaintShare> {
  const [row] = await complaintsSince(db, { since });
  return { complaints: row?.complaints ?? 0, sent: Number(row?.sent ?? 0) };
}

const complaintsAt = query(
  'complaints of late by destination',
  { destination: text, complaints: int4, sent: filled(int8) },
  (given: { since: Date; least: number }) => sql`
    SELECT c.destination, c.complaints, coalesce((SELECT sum(d.n) FROM destination_days d
        WHERE d.destination = c.destination AND d.day >= (${given.since}::timestamptz AT TIME ZONE 'UTC')::date AND d.answer = 'taken'), 0)::bigint AS sent
    FROM (SELECT destination, count(*)::int AS complaints FROM feedback_events
      WHERE at >= ${given.since} AND kind = 'complaint' AND effect IN ('left', 'already') GROUP BY destination HAVING count(*) >= ${given.least}) AS c`,
);

/** Does the same for each destination that has at least so many complaints. */
export async function complaintShares(
  db: Tx,
  since: Date,
  least: number,
): Promise<(ComplaintShare & { destination: string })[]> {
  const rows = await complaintsAt(db, { since, least });
  return rows.map(({ sent, ...row }) => ({ ...row, sent: Number(sent) }));
}

/** How many addresses that never took a mail an edition was refused for, beside all its mails. */
export interface RefusedEdition {
  id: number;
  key: string;
  refused: number;
  mails: number;
}

const refusedEditions = query(
  'editions that addresses refused',
  { id: int4, key: text, refused: int4, mails: filled(int8) },
  (given: { ids: number[]; least: number }) => sql`
    SELECT e.id, e.key, r.refused, coalesce((SELECT sum(s.n) FROM edition_sums s WHERE s.edition_id = e.id AND s.state <> 'cancelled'), 0)::bigint AS mails
    FROM editions e CROSS JOIN LATERAL (SELECT count(DISTINCT f.address_hash)::int AS refused FROM feedback_events f
      WHERE f.edition_id = e.id AND f.kind = 'hard' AND NOT f.proven AND f.effect = 'suppressed') AS r
    WHERE e.id = ANY(${given.ids}::int[]) AND e.state = 'open' AND r.refused >= ${given.least}`,
  'once a session',
);

/**
 * Counts the addresses that never took a mail and refused these editions, of those that at least so many did and that
 * go on. Addresses that did take some are their provider's matter.
 */
export async function findRefusedEditions(db: Tx, ids: readonly number[], least: number): Promise<RefusedEdition[]> {
  const rows = await refusedEditions(db, { ids: [...ids], least });
  return rows.map(({ mails, ...row }) => ({ ...row, mails: Number(mails) }));
}

const origins = query(
  'origins of refused readers',
  { source: text, importId: orNull(int4), count: int4 },
  (given: { editionId: number }) => sql`
    SELECT s.source, s.import_id AS "importId", count(DISTINCT s.id)::int AS count
    FROM feedback_events e JOIN subscribers s ON s.id = e.subscriber_id
    WHERE e.edition_id = ${given.editionId} AND e.kind = 'hard' AND NOT e.proven AND e.effect = 'suppressed'
    GROUP BY s.source, s.import_id ORDER BY count(DISTINCT s.id) DESC LIMIT 1`,
);

/** Says where most of the readers came from whose addresses refused an edition. */
export async function findOrigin(
  db: Tx,
  editionId: number,
): Promise<{ source: string; importId: number | null; count: number } | null> {
  return (await origins(db, { editionId }))[0] ?? null;
}

const waiting = query(
  'editions with mails that wait',
  { key: text },
  (given: { since: Date }) => sql`
    SELECT e.key FROM editions e WHERE e.state = 'open' AND e.created_at >= ${given.since}
      AND EXISTS (SELECT FROM deliveries d WHERE d.edition_id = e.id AND ${raw(isWaiting('d'))}) ORDER BY e.id`,
);

/** Lists the editions made since of which mails wait. */
export async function findWaitingEditions(db: Tx, since: Date): Promise<string[]> {
  return (await waiting(db, { since })).map(({ key }) => key);
}
