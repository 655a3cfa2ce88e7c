import type { Tx } from '../client.ts';
import type { DigestState } from '../../model/digest.ts';
import { int4, jsonOf, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { isUsable } from './usable.ts';

const release = query(
  'release a digest',
  { id: int4 },
  (given: { id: number; now: Date }) => sql`
    WITH released AS (UPDATE digests SET state = 'released' WHERE id = ${given.id} AND state = 'held' RETURNING id),
    arrived AS (
      UPDATE papers SET arrived_at = ${given.now}
      WHERE arrived_at IS NULL AND id IN (
        SELECT COALESCE(p.merged_into_id, p.id) FROM released r JOIN entries e ON e.digest_id = r.id AND NOT e.known JOIN papers p ON p.id = e.paper_id))
    SELECT id FROM released`,
);

/** Lets a held digest feed newsletters; its papers arrive now. Returns false where it is not held. */
export async function releaseDigest(db: Tx, id: number, now: Date): Promise<boolean> {
  const rows = await release(db, { id, now });
  return rows.length > 0;
}

const discard = query(
  'discard a digest',
  { id: int4 },
  (given: { id: number }) => sql`
    WITH discarded AS (UPDATE digests SET state = 'discarded' WHERE id = ${given.id} AND state <> 'discarded' RETURNING id),
    gone AS (
      UPDATE papers SET arrived_at = NULL
      WHERE id IN (
          SELECT COALESCE(p.merged_into_id, p.id) FROM discarded x JOIN entries e ON e.digest_id = x.id JOIN papers p ON p.id = e.paper_id)
        AND NOT EXISTS (
          SELECT FROM papers part JOIN entries e ON e.paper_id = part.id JOIN digests d ON d.id = e.digest_id
          WHERE (part.id = papers.id OR part.merged_into_id = papers.id) AND d.id <> ${given.id} AND ${isUsable('d')}))
    SELECT id FROM discarded`,
);

/**
 * Keeps a digest out of newsletters for good; papers that no other usable digest holds count as not arrived. Returns
 * false where it is discarded already or unknown.
 */
export async function discardDigest(db: Tx, id: number): Promise<boolean> {
  const rows = await discard(db, { id });
  return rows.length > 0;
}

const stateOf = query(
  'state of a digest',
  { state: textOf<DigestState>(), arrived: jsonOf<Record<string, string | null>>() },
  (given: { id: number }) => sql`
    SELECT d.state::text AS state, (
      SELECT coalesce(json_object_agg(p.id, p.arrived_at ORDER BY p.id), '{}') FROM papers p WHERE p.id IN (
        SELECT coalesce(part.merged_into_id, part.id) FROM entries e JOIN papers part ON part.id = e.paper_id WHERE e.digest_id = d.id)) AS arrived
    FROM digests d WHERE d.id = ${given.id} FOR UPDATE OF d`,
);

/** How a digest stands, and when its papers (by id) arrived. */
export interface DigestStanding {
  state: DigestState;
  arrived: Record<string, string | null>;
}

/** Locks a digest and reads how it stands; null where there is none. */
export async function lockDigest(db: Tx, id: number): Promise<DigestStanding | null> {
  const [row] = await stateOf(db, { id });
  return row ?? null;
}

const setArrivals = command(
  'set arrivals back',
  (given: { ids: number[]; from: (string | null)[]; to: (string | null)[] }) => sql`
    UPDATE papers p SET arrived_at = v.back
    FROM unnest(${given.ids}::int[], ${given.from}::timestamptz[], ${given.to}::timestamptz[]) AS v (id, was, back)
    WHERE p.id = v.id AND p.arrived_at IS NOT DISTINCT FROM v.was`,
);

/**
 * Puts a digest back to how it stood before an act: its papers arrived when they had, but for those that something else
 * let arrive since.
 */
export async function restoreDigest(db: Tx, id: number, to: DigestStanding, from: DigestStanding): Promise<void> {
  await db.digest.update({ where: { id }, data: { state: to.state } });
  const moved = Object.keys(to.arrived).filter((paper) => to.arrived[paper] !== from.arrived[paper]);
  await setArrivals(db, {
    ids: moved.map(Number),
    from: moved.map((paper) => from.arrived[paper] ?? null),
    to: moved.map((paper) => to.arrived[paper] ?? null),
  });
}

const editionFrom = query(
  'an edition made from a digest',
  { key: text },
  (given: { id: number; since: Date }) => sql`
    SELECT ed.key FROM newsletters n JOIN editions ed ON ed.id = n.edition_id
    WHERE n.created_at >= ${given.since} AND n.edition_id IN (SELECT id FROM editions WHERE created_at >= ${given.since}::timestamptz - interval '4 days')
      AND n.entry_ids && (SELECT array_agg(id) FROM entries WHERE digest_id = ${given.id})
    LIMIT 1`,
);

/** Names an edition that took papers of a digest since an instant; null where none did. */
export async function findEditionFrom(db: Tx, id: number, since: Date): Promise<string | null> {
  const [row] = await editionFrom(db, { id, since });
  return row?.key ?? null;
}

const arrive = command(
  'note that papers arrived',
  (given: { digestId: number; now: Date; until: string }) => sql`
    UPDATE papers SET arrived_at = (
      SELECT CASE WHEN EXISTS (
          SELECT FROM digests newer WHERE newer.source = d.source AND newer.digest_on > d.digest_on AND newer.digest_on <= ${given.until}::date AND ${isUsable('newer')})
        THEN least(d.digest_on::timestamp AT TIME ZONE 'UTC', ${given.now}::timestamptz) ELSE ${given.now}::timestamptz END
      FROM digests d WHERE d.id = ${given.digestId})
    WHERE arrived_at IS NULL
      AND id IN (SELECT COALESCE(p.merged_into_id, p.id) FROM entries e JOIN papers p ON p.id = e.paper_id WHERE e.digest_id = ${given.digestId} AND NOT e.known)`,
);

/**
 * Notes that the papers of a digest that readers may see have arrived, where they had not before: now, or on its list
 * day where a newer list of its source, of a day up to `until`, came first, since a file of an older day is no news.
 * What is known from before does not arrive. Returns how many.
 */
export async function markArrived(db: Tx, digestId: number, now: Date, until: string): Promise<number> {
  return arrive(db, { digestId, now, until });
}
