import { asDate, instantOrNull } from '../../lib/time.ts';
import type { Selectivity } from '../../model/match.ts';
import type { Cadence, Schedule } from '../../model/subscriber.ts';
import {
  bool,
  day,
  enumOf,
  filled,
  instant,
  int2,
  int4,
  ints,
  orNull,
  text,
  type InJson,
  type Row,
} from '../columns.ts';
import { measured, runAsJson } from '../measured.ts';
import { arrayText } from '../sql.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

/** A confirmed reader whose slot or welcome has come, as planning reads it. */
export interface DueSubscriber {
  id: number;
  schedule: Schedule;
  maxPapers: number;
  selectivity: Selectivity;
  perhaps: boolean;
  confirmations: number;
  dueAt: Date;
  lastSlotOn: string | null;
  lastNewsletterAt: Date | null;
  pausedUntil: Date | null;
  /** The address is in doubt: no newsletter before. */
  restUntil: Date | null;
  /** Whether a newsletter may not go to this address at all. */
  suppressed: boolean;
  /** Ids of wanted interests; negative ids are muted ones. */
  interests: number[];
}

/** Where a stream of due readers goes on: after this instant and id. */
export interface DueCursor {
  dueAt: Date;
  id: number;
}

/** How a reader moves on once their slot was planned or passed over. */
export interface Advance {
  id: number;
  nextDueAt: Date;
  lastSlotOn: string;
  /** Set where a newsletter was planned; it also takes the place of a welcome still to come. */
  newsletterAt: Date | null;
}

/** What `dueColumns` returns. */
export const DUE_COLUMNS = {
  id: int4,
  cadence: enumOf<Cadence>('cadence'),
  weekday: int2,
  hour: int2,
  time_zone: text,
  max_papers: int2,
  selectivity: enumOf<Selectivity>('selectivity'),
  perhaps: bool,
  confirmations: int4,
  due_at: filled(instant),
  last_slot_on: orNull(day),
  last_newsletter_at: orNull(instant),
  paused_until: orNull(instant),
  rest_until: orNull(instant),
  suppressed: bool,
  interests: ints,
};

/** A row of `dueColumns`, as JSON has it. */
export type DueRow = InJson<Row<typeof DUE_COLUMNS>>;

/** What is due: a slot of the schedule, or the welcome newsletter. */
export type DueKind = 'slot' | 'welcome';

/** The columns of a reader `s` as planning reads them, due at `column`. */
export function dueColumns(column: 'next_due_at' | 'welcome_due_at'): string {
  return `s.id, s.cadence, s.weekday, s.hour, s.time_zone, s.max_papers, s.selectivity, s.perhaps, s.confirmations, s.${column} AS due_at, s.last_slot_on, s.last_newsletter_at, s.paused_until,
            (SELECT a.rest_until FROM address_standings a WHERE a.address_hash = s.address_hash) AS rest_until,
            EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = s.address_hash) AS suppressed,
            ARRAY(SELECT CASE WHEN i.muted THEN -i.interest_id ELSE i.interest_id END
                  FROM subscriber_interests i WHERE i.subscriber_id = s.id ORDER BY i.interest_id) AS interests`;
}

/**
 * The next readers due at $1, behind the cursor ($2, $3), at most $4. Only the confirmed have slots
 * (subscribers_due_only_confirmed); to ask for it again made PostgreSQL expect few, and sort everybody who is due for
 * each batch.
 */
function dueSql(kind: DueKind, lock: boolean): string {
  const column = kind === 'slot' ? 'next_due_at' : 'welcome_due_at';
  return `SELECT ${dueColumns(column)}
     FROM subscribers s
     WHERE ${kind === 'slot' ? '' : "s.status = 'confirmed' AND "}s.${column} <= $1 AND (s.${column}, s.id) > ($2, $3)
     ORDER BY s.${column}, s.id LIMIT $4 ${lock ? 'FOR NO KEY UPDATE OF s SKIP LOCKED' : ''}`;
}

const due = (kind: DueKind, lock: boolean) =>
  measured(`due by ${kind}${lock ? ', locked' : ''}`, DUE_COLUMNS, dueSql(kind, lock));

/** Reads who is due, of each kind, with their rows locked or not. */
export const DUE = {
  slot: { locked: due('slot', true), read: due('slot', false) },
  welcome: { locked: due('welcome', true), read: due('welcome', false) },
};

/**
 * Returns the next readers due at `now`, in order of their due time, leaving out those that another planner holds.
 * With `lock` their rows stay locked until the transaction ends.
 */
export async function loadDueSubscribers(
  db: Tx,
  want: { kind: DueKind; now: Date; after: DueCursor; limit: number; lock: boolean },
): Promise<DueSubscriber[]> {
  const statement = DUE[want.kind][want.lock ? 'locked' : 'read'];
  const rows = await runAsJson(db, statement, [want.now, want.after.dueAt, want.after.id, want.limit]);
  return rows.map(toDueSubscriber);
}

/** Counts the slots and welcomes that are due at `now`. */
export async function countDueSubscribers(db: Tx, now: Date): Promise<number> {
  const slots = await db.subscriber.count({ where: { status: 'confirmed', nextDueAt: { lte: now } } });
  return slots + (await db.subscriber.count({ where: { status: 'confirmed', welcomeDueAt: { lte: now } } }));
}

const advance = command(
  'move readers on',
  (given: { nextDueAt: Date; lastSlotOn: Date; newsletterAt: Date | null; ids: string }) => sql`
      UPDATE subscribers
      SET next_due_at = ${given.nextDueAt}, last_slot_on = ${given.lastSlotOn},
          last_newsletter_at = coalesce(${given.newsletterAt}, last_newsletter_at),
          planning_problem = NULL, planning_problem_at = NULL,
          welcome_due_at = CASE WHEN ${given.newsletterAt}::timestamptz IS NULL THEN welcome_due_at END
      WHERE id = ANY(${given.ids}::int[])`,
);

/** Moves readers on to their next slot, one statement for all who go the same way. */
export async function advanceSubscribers(db: Tx, rows: readonly Advance[]): Promise<void> {
  const way = (row: Advance) => `${row.nextDueAt.getTime()} ${row.lastSlotOn} ${row.newsletterAt?.getTime() ?? ''}`;
  for (const [{ nextDueAt, lastSlotOn, newsletterAt }, ids] of groupIds(rows, way)) {
    await advance(db, { nextDueAt, lastSlotOn: asDate(lastSlotOn), newsletterAt, ids });
  }
}

const finish = command(
  'finish welcomes',
  (given: { newsletterAt: Date | null; ids: string }) => sql`
      UPDATE subscribers
      SET welcome_due_at = NULL, last_newsletter_at = coalesce(${given.newsletterAt}, last_newsletter_at), planning_problem = NULL, planning_problem_at = NULL
      WHERE id = ANY(${given.ids}::int[])`,
);

/** Marks welcomes as done; `newsletterAt` is null for readers for whom there was nothing. */
export async function finishWelcomes(
  db: Tx,
  rows: readonly { id: number; newsletterAt: Date | null }[],
): Promise<void> {
  for (const [{ newsletterAt }, ids] of groupIds(rows, (row) => `${row.newsletterAt?.getTime() ?? ''}`)) {
    await finish(db, { newsletterAt, ids });
  }
}

/** Returns one row of each kind with the ids of all of it, as the text of an array. */
function groupIds<T extends { id: number }>(rows: readonly T[], kindOf: (row: T) => string): [T, string][] {
  const groups = new Map<string, { first: T; ids: number[] }>();
  for (const row of rows) {
    const kind = kindOf(row);
    const group = groups.get(kind);
    if (group) group.ids.push(row.id);
    else groups.set(kind, { first: row, ids: [row.id] });
  }
  return [...groups.values()].map(({ first, ids }) => [first, arrayText(ids)]);
}

/** Reads a row of `dueColumns`. */
export function toDueSubscriber(row: DueRow): DueSubscriber {
  return {
    id: row.id,
    schedule: { cadence: row.cadence, weekday: row.weekday, hour: row.hour, timeZone: row.time_zone },
    maxPapers: row.max_papers,
    selectivity: row.selectivity,
    perhaps: row.perhaps,
    confirmations: row.confirmations,
    dueAt: new Date(row.due_at),
    lastSlotOn: row.last_slot_on,
    lastNewsletterAt: instantOrNull(row.last_newsletter_at),
    pausedUntil: instantOrNull(row.paused_until),
    restUntil: instantOrNull(row.rest_until),
    suppressed: row.suppressed,
    interests: row.interests,
  };
}
