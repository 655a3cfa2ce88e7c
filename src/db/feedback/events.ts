import { storableJson } from '../../lib/storable.ts';
import { randomUUID } from 'node:crypto';
import type { Door, Effect, FeedbackKind, RefusalTopic } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { enumOf, int8, orNull, text, uuid } from '../columns.ts';
import { isOfKind } from '../ledger/kinds.ts';
import { query, raw, sql, type Sql } from '../statement.ts';

/** What an event came to. */
export interface Weight {
  effect: Effect;
  /** Whether its address had taken a mail lately. */
  proven: boolean;
  /** What it changed; null where it changed nothing. */
  before: object | null;
  after: object | null;
}

/** An event to be recorded; without a weight it waits to be weighed. */
export interface NewEvent extends Partial<Weight> {
  door: Door;
  kind: FeedbackKind;
  reportId: bigint | null;
  deliveryId: bigint | null;
  /** The reader who wrote it, of a letter. */
  subscriberId: number | null;
  /** The address a report names, where its mail could not be found, or by that alone. */
  named: string | null;
  about: RefusalTopic | null;
  rule: string | null;
  status: string | null;
  reply: string | null;
  line: string | null;
  providerId: string | null;
}

/** Kinds that are final: they count on the day of their mail, so that a report of another day is the same event. */
const FINAL = "('hard', 'complaint', 'unsubscribe')";

/** Mails to those who run this count nowhere. */
const TO_OPERATORS = isOfKind('d', ({ audience }) => audience === 'operator');

/** Writes events as JSON, each with its place among them. */
export function eventsText(events: readonly (NewEvent & { publicId?: string })[]): string {
  const rows = events.map((event, place) => {
    const { reportId, deliveryId } = event;
    return { ...event, place, reportId: reportId?.toString(), deliveryId: deliveryId?.toString() };
  });
  return storableJson(rows);
}

/** Says in SQL how events, as JSON, are recorded: with what is known of their mails and readers. */
export function asRecorded(events: string, at: Date): Sql {
  return sql`
    SELECT g.place, g."publicId" AS public_id, g.door, g.kind, g."reportId" AS report_id, d.id AS delivery_id, coalesce(d.subscriber_id, s.id) AS subscriber_id,
      d.edition_id, coalesce(d.address_hash, s.address_hash) AS address_hash, coalesce(split_part(d.email, '@', 2), split_part(g.named, '@', 2), '') AS destination,
      g.named, g.about, g.rule, g.status, g.reply, g.line,
      ((CASE WHEN g.kind IN ${raw(FINAL)} THEN coalesce(d.sent_at, d.finished_at, ${at}) ELSE ${at}::timestamptz END) AT TIME ZONE 'UTC')::date AS counts_on,
      g."providerId" AS provider_id, ${at}::timestamptz AS at, g.effect, g.proven, g.before, g.after
    FROM json_to_recordset(${events}::json) AS g("publicId" uuid, door feedback_door, kind feedback_kind, "reportId" bigint, "deliveryId" bigint, "subscriberId" int,
      named text, about refusal_topic, rule text, status text, reply text, line text, "providerId" text, effect text, proven bool, before jsonb, after jsonb, place int)
    LEFT JOIN deliveries d ON d.id = g."deliveryId" LEFT JOIN subscribers s ON s.id = g."subscriberId"`;
}

const insert = query(
  'record events',
  { id: int8, publicId: uuid },
  (given: { events: string; at: Date }) => sql`
    WITH recorded AS (
    INSERT INTO feedback_events (public_id, door, kind, report_id, delivery_id, subscriber_id, edition_id, address_hash, destination, named, about, rule, status, reply,
      line, counts_on, provider_id, at, effect, proven, before, after)
    SELECT n.public_id, n.door, n.kind, n.report_id, n.delivery_id, n.subscriber_id, n.edition_id, n.address_hash, n.destination, n.named, n.about, n.rule, n.status, n.reply,
      n.line, n.counts_on, n.provider_id, n.at, n.effect, n.proven, n.before, n.after FROM (${asRecorded(given.events, given.at)}) AS n ORDER BY n.place
    ON CONFLICT DO NOTHING RETURNING id, public_id, door, kind, delivery_id, destination, about
    ), counted AS (
      INSERT INTO destination_days (day, destination, answer, about, n)
      SELECT (${given.at}::timestamptz AT TIME ZONE 'UTC')::date, r.destination, 'refused', coalesce(r.about::text, ''), count(*)
      FROM recorded r JOIN deliveries d ON d.id = r.delivery_id AND NOT ${raw(TO_OPERATORS)} WHERE r.kind IN ('hard', 'soft') AND r.destination <> ''
      GROUP BY 2, 4 ORDER BY 2, 4
      ON CONFLICT (day, destination, answer, about) DO UPDATE SET n = destination_days.n + excluded.n
    ), summed AS (
      INSERT INTO feedback_sums AS s (door, kind, n, last_at)
      SELECT r.door, r.kind, count(*), ${given.at}::timestamptz FROM recorded r WHERE r.door <> 'session' GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (door, kind) DO UPDATE SET n = s.n + excluded.n, last_at = greatest(s.last_at, excluded.last_at)
    )
    SELECT id, public_id AS "publicId" FROM recorded`,
  'once a session',
);

/**
 * Records events, counts what came in by the doors, and refusals that reports tell of for their destinations: a session
 * had told that the mail was taken. One that was known by another door is not recorded again. Returns the ids of the
 * new ones, each with its place among those given.
 */
export async function recordEvents(tx: Tx, events: readonly NewEvent[], at: Date): Promise<Map<number, bigint>> {
  if (events.length === 0) return new Map();
  const named = events.map((event) => ({ ...event, publicId: randomUUID() }));
  const rows = await insert(tx, { events: eventsText(named), at });
  const recorded = new Map(rows.map(({ publicId, id }) => [publicId, id]));
  return new Map(
    named.flatMap(({ publicId }, place) => {
      const id = recorded.get(publicId);
      return id === undefined ? [] : [[place, id] as const];
    }),
  );
}

/**
 * Stands for the rule of a wish to leave that is its reader's for sure: it bears our token, its domain signed it, or
 * their provider tells of it.
 */
export const PROVEN_BY = { token: 'signed-token', domain: 'signed-by-domain', provider: 'told-by-provider' } as const;

/** Stands for the rule of a wish to leave that nothing proves: a link goes to the reader. */
export const ASKED_BY = 'asked-by-link';

const effectsNow = query(
  'effects of events',
  {
    id: int8,
    effect: orNull(text),
    kind: enumOf<FeedbackKind>('feedback_kind'),
    delivery: orNull(uuid),
    named: orNull(text),
  },
  (given: { ids: string[] }) => sql`
    SELECT e.id, e.effect, e.kind, d.public_id AS delivery, coalesce(d.email, e.named) AS named
    FROM feedback_events e LEFT JOIN deliveries d ON d.id = e.delivery_id WHERE e.id = ANY(${given.ids}::bigint[]) ORDER BY e.id`,
);

/** Reads what events came to, with the mails they speak of. */
export async function readEffects(db: Tx, ids: readonly bigint[]) {
  return effectsNow(db, { ids: ids.map(String) });
}

/** Finds of these events those by which an address is given up: its mail and its reader, null where they are gone. */
export async function findGivenUp(
  tx: Tx,
  ids: readonly bigint[],
): Promise<{ delivery: string | null; subscriber: string | null }[]> {
  const publicId = { select: { publicId: true } } as const;
  const found = await tx.feedbackEvent.findMany({
    where: { id: { in: [...ids] }, effect: 'suppressed' },
    select: { delivery: publicId, subscriber: publicId },
    orderBy: { id: 'asc' },
  });
  return found.map(({ delivery, subscriber }) => ({
    delivery: delivery?.publicId ?? null,
    subscriber: subscriber?.publicId ?? null,
  }));
}
