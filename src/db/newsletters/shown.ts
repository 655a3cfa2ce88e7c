import { STATES_THAT_SHOW, WAITING_STATES } from '../../model/delivery.ts';
import type { DayLine } from '../../model/newsletter.ts';
import { asDate } from '../../lib/time.ts';
import { measured, runAsJson, runMeasured } from '../measured.ts';
import { arrayText } from '../sql.ts';
import type { Tx } from '../client.ts';
import { bool, instant, int4, int8, ints, jsonb, jsonOf, orNull, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { mayHaveArrived } from '../ledger/eligibility.ts';

/** A newsletter of a reader that has not gone out and may give way to the next one. */
export interface WaitingNewsletter {
  deliveryId: bigint;
  subscriberId: number;
}

/** What a reader has been shown. Ids may repeat. */
export interface ShownPapers {
  paperIds: number[];
  /** Entries that stood by their title alone: «also trending», the week's movers, «perhaps». */
  entryIds: number[];
  /** Instant of the last newsletter that counts; null where none does. */
  lastAt: Date | null;
  /** The sentence of the day of that newsletter; null where it had none. */
  lastLine: DayLine | null;
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

/**
 * Reader by reader and newsletter by newsletter, whatever the statistics say: before the first ANALYZE a join would
 * read whole tables.
 */
const NEWSLETTERS_SINCE = `
  FROM unnest($1::int[]) AS r(id)
  CROSS JOIN LATERAL (
    SELECT n.id, n.paper_ids, n.trending_ids || n.mover_ids || n.perhaps_ids AS entry_ids, n.day_line, n.created_at
    FROM newsletters n WHERE n.subscriber_id = r.id AND n.created_at >= $2 OFFSET 0
  ) AS n`;

const textList = (states: readonly string[]) => states.map((state) => `'${state}'`).join(', ');

/** The state is compared as text, so that the index of all that waits is out of the question. */
const WAITING_SQL = `
  SELECT d.id AS "deliveryId", r.id AS "subscriberId" ${NEWSLETTERS_SINCE}
  CROSS JOIN LATERAL (
    SELECT id FROM deliveries
    WHERE newsletter_id = n.id AND state::text IN (${textList(WAITING_STATES)}) AND NOT ${mayHaveArrived('deliveries.id')}
    FOR UPDATE SKIP LOCKED
  ) AS d`;

/** Locks the newsletters that wait. */
export const WAITING = measured('lock waiting newsletters', { deliveryId: int8, subscriberId: int4 }, WAITING_SQL);

/** $3: deliveries that count as not sent. */
const SHOWN_SQL = `
  SELECT r.id, json_agg(n.paper_ids) FILTER (WHERE d.shows) AS papers, json_agg(n.entry_ids) FILTER (WHERE d.shows) AS entries,
         max(n.created_at) FILTER (WHERE d.shows) AS last_at, (array_agg(n.day_line ORDER BY n.created_at DESC, n.id DESC) FILTER (WHERE d.shows))[1] AS last_line, bool_or(NOT d.shows) AS returned ${NEWSLETTERS_SINCE}
  CROSS JOIN LATERAL (
    SELECT state::text IN (${textList(STATES_THAT_SHOW)}) AND NOT id = ANY($3::bigint[]) AS shows
    FROM deliveries WHERE newsletter_id = n.id OFFSET 0
  ) AS d
  GROUP BY r.id`;

/** Reads what readers were shown. */
export const SHOWN = measured(
  'papers shown',
  {
    id: int4,
    papers: orNull(jsonOf<number[][]>()),
    entries: orNull(jsonOf<number[][]>()),
    last_at: orNull(instant),
    last_line: orNull(jsonb),
    returned: bool,
  },
  SHOWN_SQL,
);

/**
 * Locks the newsletters of these readers since an instant that still wait to be sent, leaving out those a worker is
 * just claiming and those that may have arrived already.
 */
export function lockWaitingNewsletters(
  db: Tx,
  subscriberIds: readonly number[],
  since: Date,
): Promise<WaitingNewsletter[]> {
  return runMeasured(db, WAITING, [arrayText(subscriberIds), since]);
}

const replace = command(
  'replace newsletters',
  (given: { now: Date; deliveryIds: readonly bigint[] }) => sql`
    UPDATE deliveries
    SET state = CASE WHEN late_at < ${given.now} THEN 'failed'::delivery_state ELSE 'cancelled'::delivery_state END,
        end_reason = CASE WHEN late_at < ${given.now} THEN 'late'::end_reason ELSE 'replaced'::end_reason END,
        parked = false, finished_at = ${given.now}
    WHERE id = ANY(${given.deliveryIds}::bigint[])`,
);

/**
 * Ends locked newsletters because the reader's next one was planned: late where their time is over, else replaced.
 * Their papers return.
 */
export async function replaceNewsletters(db: Tx, deliveryIds: readonly bigint[], now: Date): Promise<void> {
  if (deliveryIds.length === 0) return;
  await replace(db, { now, deliveryIds: [...deliveryIds] });
}

/** Reads what these readers were shown since an instant; newsletters in `returning` count as not sent. */
export async function loadShownPapers(
  db: Tx,
  subscriberIds: readonly number[],
  since: Date,
  returning: readonly bigint[],
): Promise<Map<number, ShownPapers>> {
  const rows = await runAsJson(db, SHOWN, [arrayText(subscriberIds), since, `{${returning.join(',')}}`]);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        paperIds: row.papers?.flat() ?? [],
        entryIds: row.entries?.flat() ?? [],
        lastAt: row.last_at === null ? null : new Date(row.last_at),
        lastLine: row.last_line as DayLine | null,
        someReturned: row.returned,
      },
    ]),
  );
}

const familyOf = query(
  'families of papers',
  { id: int4, root: int4, created_at: instant, listed_on: orNull(text), entries: ints },
  (given: { paperIds: readonly number[] }) => sql`
    WITH RECURSIVE family AS (
      SELECT id, id AS root FROM papers WHERE id = ANY(${given.paperIds}::int[])
      UNION SELECT p.id, f.root FROM papers p JOIN family f ON p.merged_into_id = f.id
    )
    SELECT f.id, f.root, p.created_at,
           (SELECT min(d.digest_on) FROM entries e JOIN digests d ON d.id = e.digest_id WHERE e.paper_id = f.id)::text AS listed_on,
           ARRAY(SELECT e.id FROM entries e WHERE e.paper_id = f.id) AS entries
    FROM family f JOIN papers p ON p.id = f.id`,
);

/**
 * Finds every id under which these papers may have been shown: their own and those merged into them, over any number of
 * steps.
 */
export async function loadPaperFamily(db: Tx, paperIds: readonly number[]): Promise<PaperFamily> {
  const members = await familyOf(db, { paperIds });
  const instants = members.flatMap((row) => [
    row.created_at.getTime(),
    row.listed_on === null ? Infinity : asDate(row.listed_on).getTime(),
  ]);
  return {
    paperOf: new Map(members.map((row) => [row.id, row.root])),
    paperOfEntry: new Map(members.flatMap((row) => row.entries.map((entry) => [entry, row.root] as const))),
    knownSince: members.length > 0 ? new Date(Math.min(...instants)) : null,
  };
}

/** Finds which of these papers a reader was shown before, under whatever id. */
export async function findShownAmong(db: Tx, subscriberId: number, paperIds: readonly number[]): Promise<Set<number>> {
  const family = await loadPaperFamily(db, paperIds);
  if (family.knownSince === null) return new Set();
  const shown = (await loadShownPapers(db, [subscriberId], family.knownSince, [])).get(subscriberId);
  const found = [
    ...(shown?.paperIds ?? []).map((id) => family.paperOf.get(id)),
    ...(shown?.entryIds ?? []).map((id) => family.paperOfEntry.get(id)),
  ];
  return new Set(found.filter((id) => id !== undefined));
}
