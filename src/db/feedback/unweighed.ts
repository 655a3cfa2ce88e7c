import type { Door, FeedbackKind, RefusalTopic, Standing } from '../../model/feedback.ts';
import { instantOrNull } from '../../lib/time.ts';
import type { Cadence } from '../../model/subscriber.ts';
import type { SuppressionReason } from '../../model/suppression.ts';
import type { Tx } from '../client.ts';
import { jsonOf, type InJson } from '../columns.ts';
import { isOfKind } from '../ledger/kinds.ts';
import { command, query, raw, sql, type Sql } from '../statement.ts';
import { asRecorded, ASKED_BY, eventsText, PROVEN_BY, type NewEvent, type Weight } from './events.ts';
import { newestArrived } from './standing-of.ts';
import type { AddressState } from './standings.ts';

/** An event that is still to be weighed, with what is known of its mail and address. */
export interface UnweighedEvent {
  /** Null while it is not recorded: then it has a place among those that are to be. */
  id: bigint | null;
  place: number | null;
  kind: FeedbackKind;
  door: Door;
  about: RefusalTopic | null;
  at: Date;
  line: string | null;
  providerId: string | null;
  deliveryId: bigint | null;
  subscriberId: number | null;
  editionId: number | null;
  hash: string | null;
  destination: string;
  mailedAt: Date;
  isTest: boolean;
  isSigned: boolean;
  isAsked: boolean;
  byAddressAlone: boolean;
  outranked: boolean;
  proven: boolean;
  quietSince: Date | null;
  /** Its destination refuses whom it knows, just now. */
  outage: boolean;
  cadence: Cadence | null;
  /** How its address stands. */
  state: AddressState;
}

/** How an address stands, as columns. */
interface StateColumns {
  doubtedAt: Date | null;
  restUntil: Date | null;
  halfPoints: number | null;
  refusedAt: Date | null;
  reason: SuppressionReason | null;
  note: string | null;
  suppressedAt: Date | null;
}

type UnweighedRow = InJson<Omit<UnweighedEvent, 'state'> & StateColumns>;

/**
 * Says in SQL whether the address under this hash took a mail lately, other than `but`, of which nothing was heard;
 * `refused` are mails of which something is being heard just now.
 */
export function tookMail(hash: string, since: Sql, but: string, refused = "'{}'::bigint[]"): Sql {
  return sql`EXISTS (
      SELECT FROM deliveries taken WHERE taken.address_hash = ${raw(hash)} AND taken.state = 'sent' AND taken.sent_at >= ${since}
        AND taken.id IS DISTINCT FROM ${raw(but)} AND taken.id <> ALL (${raw(refused)})
        AND NOT EXISTS (SELECT FROM feedback_events h WHERE h.delivery_id = taken.id AND h.kind = 'hard' AND h.effect IS DISTINCT FROM 'undone'))`;
}

/** The mails of which the events speak that are to be recorded, of these kinds. */
const refusedNow = (kinds: string) =>
  `coalesce((SELECT array_agg(delivery_id) FROM added WHERE delivery_id IS NOT NULL AND kind IN (${kinds})), '{}')`;

const COLUMNS = raw(
  'kind, door, about, at, line, rule, provider_id, delivery_id, subscriber_id, edition_id, address_hash, destination, named',
);

const unweighed = query(
  'events to be weighed',
  { rows: jsonOf<UnweighedRow[]>() },
  (given: { added: string; at: Date; provenSince: Date; quietBefore: Date; most: number }) => sql`
    WITH added AS MATERIALIZED (
      SELECT * FROM (${asRecorded(given.added, given.at)}) AS n
      WHERE NOT EXISTS (SELECT FROM feedback_events h WHERE h.delivery_id = n.delivery_id AND h.kind = n.kind AND h.counts_on = n.counts_on)
        AND NOT EXISTS (SELECT FROM feedback_events h WHERE h.provider_id = n.provider_id)
    ), both_kinds AS MATERIALIZED (
      (SELECT id, NULL::int AS place, ${COLUMNS} FROM feedback_events WHERE effect IS NULL ORDER BY id LIMIT ${given.most})
      UNION ALL SELECT NULL, place, ${COLUMNS} FROM added
    )
    SELECT coalesce(json_agg(r ORDER BY r.id, r.place), '[]') AS rows FROM (
      SELECT e.id, e.place, e.kind, e.door, e.about, e.at, e.line, e.provider_id AS "providerId", e.delivery_id AS "deliveryId", e.subscriber_id AS "subscriberId",
        e.edition_id AS "editionId", encode(e.address_hash, 'hex') AS hash, e.destination, coalesce(d.sent_at, d.finished_at, e.at) AS "mailedAt",
        coalesce(${raw(isOfKind('d', ({ audience }) => audience === 'operator'))}, false) AS "isTest", coalesce(e.rule = ANY(${Object.values(PROVEN_BY)}::text[]), false) AS "isSigned",
        coalesce(e.rule = ${ASKED_BY}::text, false) AS "isAsked", (e.delivery_id IS NOT NULL AND e.named IS NOT NULL) AS "byAddressAlone",
        EXISTS (SELECT FROM feedback_events o WHERE o.delivery_id = e.delivery_id AND o.id IS DISTINCT FROM e.id AND o.effect NOT IN ('undone', 'excused')
          AND (o.kind = 'complaint' OR (o.kind = 'hard' AND e.kind <> 'hard')))
          OR EXISTS (SELECT FROM added o WHERE o.delivery_id = e.delivery_id AND o.place < e.place AND o.kind IN ('complaint', 'hard') AND o.kind <> e.kind) AS outranked,
        ${tookMail('e.address_hash', sql`${given.provenSince}`, 'e.delivery_id', refusedNow("'hard'"))} AS proven,
        ${newestArrived('e.address_hash', sql`${given.quietBefore}`, refusedNow("'hard', 'soft'"))} AS "quietSince",
        EXISTS (SELECT FROM destination_outages x WHERE x.destination = e.destination AND x.ended_at IS NULL) AS outage, s.cadence,
        a.doubted_at AS "doubtedAt", a.rest_until AS "restUntil", a.half_points AS "halfPoints", a.refused_at AS "refusedAt", x.reason, x.note, x.at AS "suppressedAt"
      FROM both_kinds e LEFT JOIN deliveries d ON d.id = e.delivery_id LEFT JOIN subscribers s ON s.id = e.subscriber_id
      LEFT JOIN address_standings a ON a.address_hash = e.address_hash LEFT JOIN suppressions x ON x.address_hash = e.address_hash
    ) AS r`,
  'once a session',
);

/**
 * Reads events that nobody has weighed yet, oldest first, and behind them those that are to be recorded now, but for
 * what is known already. So many that are recorded wait that they fill `most`: these alone.
 */
export async function loadUnweighed(
  tx: Tx,
  known: { provenSince: Date; quietBefore: Date; most: number },
  added: readonly NewEvent[],
  at: Date,
): Promise<UnweighedEvent[]> {
  const [found] = await unweighed(tx, { ...known, added: eventsText(added), at });
  const events = (found?.rows ?? []).map(eventOf);
  const waiting = events.filter(({ id }) => id !== null);
  return waiting.length < known.most ? onceEach(events) : waiting;
}

/** Of what is to be recorded, an event of a mail, or of a provider, counts once (as the table has it). */
function onceEach(events: readonly UnweighedEvent[]): UnweighedEvent[] {
  const seen = new Set<string>();
  return events.filter(({ id, kind, deliveryId, providerId }) => {
    if (id !== null) return true;
    const names = [
      ...(deliveryId === null ? [] : [`${kind} of ${deliveryId}`]),
      ...(providerId === null ? [] : [`by ${providerId}`]),
    ];
    if (names.some((name) => seen.has(name))) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}

function eventOf(row: UnweighedRow): UnweighedEvent {
  const { id, deliveryId, at, mailedAt, quietSince, doubtedAt, restUntil, halfPoints, refusedAt, ...rest } = row;
  const { reason, note, suppressedAt, ...plain } = rest;
  const held = {
    doubtedAt: instantOrNull(doubtedAt),
    restUntil: instantOrNull(restUntil),
    refusedAt: instantOrNull(refusedAt),
  };
  const standing: Standing | null = halfPoints === null ? null : { ...held, halfPoints };
  return {
    ...plain,
    id: id === null ? null : BigInt(id),
    deliveryId: deliveryId === null ? null : BigInt(deliveryId),
    at: new Date(at),
    mailedAt: new Date(mailedAt),
    quietSince: instantOrNull(quietSince),
    state: { standing, suppression: reason && suppressedAt ? { reason, note, at: new Date(suppressedAt) } : null },
  };
}

/** What a recorded event came to. */
export interface WeighedEvent extends Weight {
  id: bigint;
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
