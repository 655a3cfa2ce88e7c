import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, int8, jsonb, orNull, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** What an event changed, to be taken back. */
export interface EventChange {
  id: bigint;
  hash: string;
  subscriberId: number | null;
  at: Date;
  /** Names of what it changed: `standing`, `suppression`, `reader`. Null where it changed nothing. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const changesOf = query(
  'changes of events',
  {
    id: int8,
    hash: filled(text),
    subscriberId: orNull(int4),
    at: instant,
    before: orNull(jsonb),
    after: orNull(jsonb),
  },
  (given: { ids: string[] }) => sql`
    SELECT id, encode(address_hash, 'hex') AS hash, subscriber_id AS "subscriberId", at, before, after FROM feedback_events
    WHERE id = ANY(${given.ids}::bigint[]) AND address_hash IS NOT NULL ORDER BY id DESC`,
);

/** Reads what events changed, newest first. */
export async function readChanges(tx: Tx, ids: readonly bigint[]): Promise<EventChange[]> {
  return (await changesOf(tx, { ids: ids.map(String) })) as EventChange[];
}

const changing = query(
  'events that changed something',
  { id: int8, effect: filled(text), isComplaint: bool, asked: bool },
  (given: { domain: string | null; since: Date; until: Date }) => sql`
    SELECT e.id, e.effect, e.kind = 'complaint' AS "isComplaint", (e.kind = 'unsubscribe' OR (e.kind = 'complaint' AND EXISTS (
        SELECT FROM feedback_events l WHERE l.subscriber_id = e.subscriber_id AND l.id > e.id AND l.kind = 'unsubscribe' AND l.effect = 'left'))) AS asked
    FROM feedback_events e
    WHERE e.at >= ${given.since} AND e.at < ${given.until} AND (${given.domain}::text IS NULL OR e.destination = ${given.domain})
      AND e.before IS NOT NULL AND e.effect NOT IN ('undone', 'excused') ORDER BY e.id DESC`,
);

/** Which events to take back: of one destination or of all, from one instant up to another. */
export interface EventSpan {
  domain: string | null;
  since: Date;
  until: Date;
}

/** An event that changed something. */
export interface ChangingEvent {
  id: bigint;
  effect: string;
  isComplaint: boolean;
  /** Its reader asked to leave, by this event or after this complaint. */
  asked: boolean;
}

/** Finds the events of a span that changed something, newest first. */
export async function findChanging(tx: Tx, { domain, since, until }: EventSpan): Promise<ChangingEvent[]> {
  return changing(tx, { domain, since, until });
}

const undo = command(
  'mark events as taken back',
  (given: { ids: string[]; effect: string; at: Date }) => sql`
    UPDATE feedback_events SET effect = ${given.effect}, undone_at = ${given.at} WHERE id = ANY(${given.ids}::bigint[])`,
);

/** Marks events as taken back: `undone` by an operator, `excused` since their destination erred. */
export async function markUndone(
  tx: Tx,
  ids: readonly bigint[],
  effect: 'undone' | 'excused',
  at: Date,
): Promise<void> {
  if (ids.length > 0) await undo(tx, { ids: ids.map(String), effect, at });
}
