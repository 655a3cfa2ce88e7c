import type { Door, Effect, FeedbackKind, RefusalTopic } from '../../model/feedback.ts';
import type { Cadence } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { bool, enumOf, filled, instant, int4, int8, orNull, text } from '../columns.ts';
import { isOfKind } from '../ledger/kinds.ts';
import { command, query, raw, sql, type Sql } from '../statement.ts';
import { PROVEN_BY } from './events.ts';
import { newestArrived } from './standing-of.ts';

/** An event that is still to be weighed, with what is known of its mail and address. */
export interface UnweighedEvent {
  id: bigint;
  kind: FeedbackKind;
  door: Door;
  about: RefusalTopic | null;
  at: Date;
  line: string | null;
  deliveryId: bigint | null;
  subscriberId: number | null;
  editionId: number | null;
  hash: string | null;
  destination: string;
  mailedAt: Date;
  isTest: boolean;
  isSigned: boolean;
  outranked: boolean;
  proven: boolean;
  quietSince: Date | null;
  /** Its destination refuses whom it knows, just now. */
  outage: boolean;
  cadence: Cadence | null;
}

/** Says in SQL whether the address under this hash took a mail lately, other than `but`, of which nothing was heard. */
export function tookMail(hash: string, since: Sql, but: string): Sql {
  return sql`EXISTS (
      SELECT FROM deliveries taken WHERE taken.address_hash = ${raw(hash)} AND taken.state = 'sent' AND taken.sent_at >= ${since}
        AND taken.id IS DISTINCT FROM ${raw(but)}
        AND NOT EXISTS (SELECT FROM feedback_events h WHERE h.delivery_id = taken.id AND h.kind = 'hard' AND h.effect IS DISTINCT FROM 'undone'))`;
}

const unweighed = query(
  'events to be weighed',
  {
    id: int8,
    kind: enumOf<FeedbackKind>('feedback_kind'),
    door: enumOf<Door>('feedback_door'),
    about: orNull(enumOf<RefusalTopic>('refusal_topic')),
    at: instant,
    line: orNull(text),
    deliveryId: orNull(int8),
    subscriberId: orNull(int4),
    editionId: orNull(int4),
    hash: orNull(text),
    destination: text,
    mailedAt: filled(instant),
    isTest: bool,
    isSigned: bool,
    outranked: bool,
    proven: bool,
    quietSince: orNull(instant),
    outage: bool,
    cadence: orNull(enumOf<Cadence>('cadence')),
  },
  (given: { provenSince: Date; quietBefore: Date; most: number }) => sql`
    SELECT e.id, e.kind, e.door, e.about, e.at, e.line, e.delivery_id AS "deliveryId", e.subscriber_id AS "subscriberId", e.edition_id AS "editionId", encode(e.address_hash, 'hex') AS hash,
      e.destination, coalesce(d.sent_at, d.finished_at, e.at) AS "mailedAt", coalesce(${raw(isOfKind('d', ({ audience }) => audience === 'operator'))}, false) AS "isTest", coalesce(e.rule = ANY(${Object.values(PROVEN_BY)}::text[]), false) AS "isSigned",
      EXISTS (SELECT FROM feedback_events o WHERE o.delivery_id = e.delivery_id AND o.id <> e.id AND o.effect NOT IN ('undone', 'excused')
        AND (o.kind = 'complaint' OR (o.kind = 'hard' AND e.kind <> 'hard'))) AS outranked,
      ${tookMail('e.address_hash', sql`${given.provenSince}`, 'e.delivery_id')} AS proven,
      ${newestArrived('e.address_hash', sql`${given.quietBefore}`)} AS "quietSince",
      EXISTS (SELECT FROM destination_outages x WHERE x.destination = e.destination AND x.ended_at IS NULL) AS outage, s.cadence
    FROM feedback_events e LEFT JOIN deliveries d ON d.id = e.delivery_id LEFT JOIN subscribers s ON s.id = e.subscriber_id
    WHERE e.effect IS NULL ORDER BY e.id LIMIT ${given.most}`,
);

/** Reads events that nobody has weighed yet, oldest first. */
export async function loadUnweighed(
  tx: Tx,
  known: { provenSince: Date; quietBefore: Date; most: number },
): Promise<UnweighedEvent[]> {
  return unweighed(tx, known);
}

/** What an event came to. */
export interface WeighedEvent {
  id: bigint;
  effect: Effect;
  proven: boolean;
  before: object | null;
  after: object | null;
}

const settle = command(
  'settle events',
  (given: {
    ids: string[];
    effects: string[];
    proven: boolean[];
    before: (string | null)[];
    after: (string | null)[];
  }) => sql`
    UPDATE feedback_events e SET effect = v.effect, proven = v.proven, before = v.before::jsonb, after = v.after::jsonb
    FROM unnest(${given.ids}::bigint[], ${given.effects}::text[], ${given.proven}::bool[], ${given.before}::text[], ${given.after}::text[])
      AS v(id, effect, proven, before, after)
    WHERE e.id = v.id`,
);

/** Writes what events came to. */
export async function settleEvents(tx: Tx, weighed: readonly WeighedEvent[]): Promise<void> {
  if (weighed.length === 0) return;
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
  await settle(tx, {
    ids: weighed.map(({ id }) => String(id)),
    effects: weighed.map(({ effect }) => effect),
    proven: weighed.map(({ proven }) => proven),
    before: weighed.map(({ before }) => json(before)),
    after: weighed.map(({ after }) => json(after)),
  });
}
