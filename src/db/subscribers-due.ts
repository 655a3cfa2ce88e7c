import { asDate, dateOnly } from '../lib/time.ts';
import type { Cadence, Schedule } from '../model/subscriber.ts';
import type { Tx } from './client.ts';

/** A confirmed reader whose slot or welcome has come, as planning reads it. */
export interface DueSubscriber {
  id: number;
  email: string;
  addressHash: Uint8Array;
  schedule: Schedule;
  maxPapers: number;
  language: string;
  generation: number;
  confirmations: number;
  dueAt: Date;
  lastSlotOn: string | null;
  lastNewsletterAt: Date | null;
  pausedUntil: Date | null;
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

/** A row of `dueColumns`. */
export interface DueRow {
  id: number;
  email: string;
  address_hash: Uint8Array;
  cadence: Cadence;
  weekday: number;
  hour: number;
  time_zone: string;
  max_papers: number;
  language: string;
  generation: number;
  confirmations: number;
  due_at: Date;
  last_slot_on: Date | null;
  last_newsletter_at: Date | null;
  paused_until: Date | null;
  suppressed: boolean;
  interests: number[] | null;
}

/** What is due: a slot of the schedule, or the welcome newsletter. */
export type DueKind = 'slot' | 'welcome';

/** The columns of a reader `s` as planning reads them, due at `column`. */
export function dueColumns(column: 'next_due_at' | 'welcome_due_at'): string {
  return `s.id, s.email, s.address_hash, s.cadence, s.weekday, s.hour, s.time_zone, s.max_papers, s.language, s.generation,
            s.confirmations, s.${column} AS due_at, s.last_slot_on, s.last_newsletter_at, s.paused_until,
            EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = s.address_hash) AS suppressed,
            ARRAY(SELECT CASE WHEN i.muted THEN -i.interest_id ELSE i.interest_id END
                  FROM subscriber_interests i WHERE i.subscriber_id = s.id ORDER BY i.interest_id) AS interests`;
}

/**
 * Returns the next readers due at `now`, in order of their due time, leaving out those that another planner holds.
 * With `lock` their rows stay locked until the transaction ends.
 */
export async function loadDueSubscribers(
  db: Tx,
  want: { kind: DueKind; now: Date; after: DueCursor; limit: number; lock: boolean },
): Promise<DueSubscriber[]> {
  const column = want.kind === 'slot' ? 'next_due_at' : 'welcome_due_at';
  const rows = await db.$queryRawUnsafe<DueRow[]>(
    `SELECT ${dueColumns(column)}
     FROM subscribers s
     WHERE s.status = 'confirmed' AND s.${column} <= $1 AND (s.${column}, s.id) > ($2, $3)
     ORDER BY s.${column}, s.id LIMIT $4 ${want.lock ? 'FOR UPDATE OF s SKIP LOCKED' : ''}`,
    want.now,
    want.after.dueAt,
    want.after.id,
    want.limit,
  );
  return rows.map(toDueSubscriber);
}

/** Counts the slots and welcomes that are due at `now`. */
export async function countDueSubscribers(db: Tx, now: Date): Promise<number> {
  const slots = await db.subscriber.count({ where: { status: 'confirmed', nextDueAt: { lte: now } } });
  return slots + (await db.subscriber.count({ where: { status: 'confirmed', welcomeDueAt: { lte: now } } }));
}

/** Moves readers on to their next slot. */
export async function advanceSubscribers(db: Tx, rows: readonly Advance[]): Promise<void> {
  await db.$executeRaw`
    UPDATE subscribers s
    SET next_due_at = v.next_due_at, last_slot_on = v.last_slot_on,
        last_newsletter_at = coalesce(v.newsletter_at, s.last_newsletter_at),
        welcome_due_at = CASE WHEN v.newsletter_at IS NULL THEN s.welcome_due_at END
    FROM unnest(${rows.map((row) => row.id)}::int[], ${rows.map((row) => row.nextDueAt)}::timestamptz[],
                ${rows.map((row) => asDate(row.lastSlotOn))}::date[], ${rows.map((row) => row.newsletterAt)}::timestamptz[])
         AS v (id, next_due_at, last_slot_on, newsletter_at)
    WHERE s.id = v.id`;
}

/** Marks welcomes as done; `newsletterAt` is null for readers for whom there was nothing. */
export async function finishWelcomes(
  db: Tx,
  rows: readonly { id: number; newsletterAt: Date | null }[],
): Promise<void> {
  await db.$executeRaw`
    UPDATE subscribers s
    SET welcome_due_at = NULL, last_newsletter_at = coalesce(v.newsletter_at, s.last_newsletter_at)
    FROM unnest(${rows.map((row) => row.id)}::int[], ${rows.map((row) => row.newsletterAt)}::timestamptz[])
         AS v (id, newsletter_at)
    WHERE s.id = v.id`;
}

/** Reads a row of `dueColumns`. */
export function toDueSubscriber(row: DueRow): DueSubscriber {
  return {
    id: row.id,
    email: row.email,
    addressHash: row.address_hash,
    schedule: { cadence: row.cadence, weekday: row.weekday, hour: row.hour, timeZone: row.time_zone },
    maxPapers: row.max_papers,
    language: row.language,
    generation: row.generation,
    confirmations: row.confirmations,
    dueAt: row.due_at,
    lastSlotOn: row.last_slot_on ? dateOnly(row.last_slot_on) : null,
    lastNewsletterAt: row.last_newsletter_at,
    pausedUntil: row.paused_until,
    suppressed: row.suppressed,
    interests: row.interests ?? [],
  };
}
