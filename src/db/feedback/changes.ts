import type { Tx } from '../client.ts';
import { filled, instant, int4, int8, jsonb, orNull, text } from '../columns.ts';
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
  { id: int8, effect: filled(text) },
  (given: { domain: string | null; since: Date; until: Date }) => sql`
    SELECT id, effect FROM feedback_events
    WHERE at >= ${given.since} AND at < ${given.until} AND (${given.domain}::text IS NULL OR destination = ${given.domain})
      AND before IS NOT NULL AND effect NOT IN ('undone', 'excused') ORDER BY id DESC`,
);

/** Which events to take back: of one destination or of all, from one instant up to another. */
export interface EventSpan {
  domain: string | null;
  since: Date;
  until: Date;
}

/** Finds the events of a span that changed something, newest first. */
export async function findChanging(tx: Tx, span: EventSpan): Promise<{ id: bigint; effect: string }[]> {
  return changing(tx, { ...span });
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
