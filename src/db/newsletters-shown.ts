import { STATES_THAT_SHOW } from '../model/delivery.ts';
import type { Tx } from './client.ts';

/** A newsletter of a reader that has not gone out and may give way to the next one. */
export interface WaitingNewsletter {
  deliveryId: bigint;
  subscriberId: number;
}

/** What a reader has been shown. Ids may repeat. */
export interface ShownPapers {
  paperIds: number[];
  /** Entries that stood by their title alone: «also trending» and the week's movers. */
  entryIds: number[];
  /** Instant of the last newsletter that counts; null where none does. */
  lastAt: Date | null;
  /** Whether a newsletter since then came to nothing, so that its papers return. */
  someReturned: boolean;
}

/** Papers known under other ids because they were merged: every id that stands for one of the given papers. */
export interface PaperFamily {
  /** Any id of a paper → the given paper it stands for. */
  paperOf: Map<number, number>;
  /** Any entry of these papers → the given paper. */
  paperOfEntry: Map<number, number>;
  /** No newsletter made before this instant can have shown one of them; null where there are none. */
  knownSince: Date | null;
}

/** Locks the newsletters of these readers that still wait to be sent, leaving out those a worker is just claiming and those that may have arrived already. */
export async function lockWaitingNewsletters(db: Tx, subscriberIds: readonly number[]): Promise<WaitingNewsletter[]> {
  const rows = await db.$queryRaw<{ id: bigint; subscriber_id: number }[]>`
    SELECT id, subscriber_id FROM deliveries
    WHERE subscriber_id = ANY(${subscriberIds}::int[]) AND kind = 'newsletter' AND state IN ('planned', 'retrying')
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.delivery_id = deliveries.id AND a.outcome = 'uncertain')
    FOR UPDATE SKIP LOCKED`;
  return rows.map((row) => ({ deliveryId: row.id, subscriberId: row.subscriber_id }));
}

/** Ends locked newsletters because the reader's next one was planned: late where their time is over, else replaced. Their papers return. */
export async function replaceNewsletters(db: Tx, deliveryIds: readonly bigint[], now: Date): Promise<void> {
  if (deliveryIds.length === 0) return;
  await db.$executeRaw`
    UPDATE deliveries
    SET state = CASE WHEN late_at < ${now} THEN 'failed'::delivery_state ELSE 'cancelled'::delivery_state END,
        last_reply = CASE WHEN late_at < ${now} THEN 'late' ELSE 'replaced by the next edition' END,
        finished_at = ${now}
    WHERE id = ANY(${[...deliveryIds]}::bigint[])`;
}

/** Reads what these readers were shown since an instant; newsletters in `returning` count as not sent. */
export async function loadShownPapers(
  db: Tx,
  subscriberIds: readonly number[],
  since: Date,
  returning: readonly bigint[],
): Promise<Map<number, ShownPapers>> {
  const rows = await db.$queryRaw<
    { id: number; papers: string | null; entries: string | null; last_at: Date | null; returned: boolean }[]
  >`
    SELECT subscriber_id AS id,
           string_agg(array_to_string(paper_ids, ','), ',') FILTER (WHERE shows) AS papers,
           string_agg(nullif(array_to_string(trending_ids || mover_ids, ','), ''), ',') FILTER (WHERE shows) AS entries,
           max(created_at) FILTER (WHERE shows) AS last_at,
           bool_or(NOT shows) AS returned
    FROM (
      SELECT n.subscriber_id, n.paper_ids, n.trending_ids, n.mover_ids, n.created_at,
             d.state = ANY(${[...STATES_THAT_SHOW]}::delivery_state[]) AND NOT d.id = ANY(${[...returning]}::bigint[]) AS shows
      FROM newsletters n JOIN deliveries d ON d.subscriber_id = n.subscriber_id AND d.newsletter_id = n.id
      WHERE n.subscriber_id = ANY(${subscriberIds}::int[]) AND n.created_at >= ${since}
    ) AS made
    GROUP BY subscriber_id`;
  return new Map(
    rows.map((row) => [
      row.id,
      {
        paperIds: numbers(row.papers),
        entryIds: numbers(row.entries),
        lastAt: row.last_at,
        someReturned: row.returned,
      },
    ]),
  );
}

/** Finds every id under which these papers may have been shown: their own and those merged into them, over any number of steps. */
export async function loadPaperFamily(db: Tx, paperIds: readonly number[]): Promise<PaperFamily> {
  const members = await db.$queryRaw<
    { id: number; root: number; created_at: Date; listed_on: Date | null; entries: number[] }[]
  >`
    WITH RECURSIVE family AS (
      SELECT id, id AS root FROM papers WHERE id = ANY(${paperIds}::int[])
      UNION SELECT p.id, f.root FROM papers p JOIN family f ON p.merged_into_id = f.id
    )
    SELECT f.id, f.root, p.created_at,
           (SELECT min(d.digest_on) FROM entries e JOIN digests d ON d.id = e.digest_id WHERE e.paper_id = f.id) AS listed_on,
           ARRAY(SELECT e.id FROM entries e WHERE e.paper_id = f.id) AS entries
    FROM family f JOIN papers p ON p.id = f.id`;
  const instants = members.flatMap((row) => [row.created_at.getTime(), row.listed_on?.getTime() ?? Infinity]);
  return {
    paperOf: new Map(members.map((row) => [row.id, row.root])),
    paperOfEntry: new Map(members.flatMap((row) => row.entries.map((entry) => [entry, row.root] as const))),
    knownSince: members.length > 0 ? new Date(Math.min(...instants)) : null,
  };
}

function numbers(text: string | null): number[] {
  return text ? text.split(',').map(Number) : [];
}
