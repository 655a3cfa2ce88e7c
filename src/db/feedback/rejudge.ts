import type { Door, Effect, FeedbackKind, RefusalTopic } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { bytea, enumOf, instant, int8, jsonOf, orNull, uuid } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** An event as it was understood when its report came. */
export interface KeptEvent {
  /** Its number, as text. */
  id: string;
  publicId: string;
  kind: FeedbackKind;
  about: RefusalTopic | null;
  effect: Effect | null;
  line: string | null;
  named: string | null;
  corrected: boolean;
  /** The mail it speaks of. */
  delivery: { id: string; publicId: string; email: string | null } | null;
}

/** A report that is kept, with what it was understood as. */
export interface KeptReport {
  id: bigint;
  publicId: string;
  at: Date;
  door: Door;
  bytes: Uint8Array;
  events: KeptEvent[];
}

const reports = query(
  'reports behind one',
  {
    id: int8,
    publicId: uuid,
    at: instant,
    door: enumOf<Door>('feedback_door'),
    bytes: bytea,
    events: orNull(jsonOf<KeptEvent[]>()),
  },
  (given: { since: Date; after: bigint; most: number }) => sql`
    SELECT r.id, r.public_id AS "publicId", r.received_at AS at, r.door, r.bytes, (
      SELECT json_agg(json_build_object('id', e.id::text, 'publicId', e.public_id, 'kind', e.kind, 'about', e.about, 'effect', e.effect, 'line', e.line,
        'named', e.named, 'corrected', e.corrected_kind IS NOT NULL,
        'delivery', CASE WHEN d.id IS NOT NULL THEN json_build_object('id', d.id::text, 'publicId', d.public_id, 'email', d.email) END) ORDER BY e.id)
      FROM feedback_events e LEFT JOIN deliveries d ON d.id = e.delivery_id WHERE e.report_id = r.id) AS events
    FROM feedback_reports r WHERE r.received_at >= ${given.since} AND r.door <> 'webhook' AND r.id > ${given.after} ORDER BY r.id LIMIT ${given.most}`,
);

/** Reads mails that came back since, oldest first; what a provider told is no mail. */
export async function readReports(db: Tx, given: { since: Date; after: bigint; most: number }): Promise<KeptReport[]> {
  return (await reports(db, given)).map(({ events, ...row }) => ({ ...row, events: events ?? [] }));
}

/** What an event is understood as now. */
export interface NewSense {
  id: bigint;
  kind: FeedbackKind;
  about: RefusalTopic | null;
  rule: string | null;
  status: string | null;
  reply: string | null;
  line: string | null;
}

const understand = command(
  'understand an event anew',
  (given: NewSense) => sql`
    UPDATE feedback_events e SET kind = ${given.kind}::feedback_kind, about = ${given.about}::refusal_topic, rule = ${given.rule}::text, status = ${given.status}::text,
      reply = ${given.reply}::text, line = ${given.line}::text, effect = NULL, before = NULL, after = NULL, undone_at = NULL,
      counts_on = (CASE WHEN ${given.kind}::feedback_kind IN ('hard', 'complaint', 'unsubscribe')
        THEN coalesce((SELECT coalesce(d.sent_at, d.finished_at) FROM deliveries d WHERE d.id = e.delivery_id), e.at) ELSE e.at END AT TIME ZONE 'UTC')::date
    WHERE e.id = ${given.id} AND NOT EXISTS (
      SELECT FROM feedback_events o WHERE o.delivery_id = e.delivery_id AND o.id <> e.id AND o.kind = ${given.kind}::feedback_kind
        AND o.counts_on = (CASE WHEN ${given.kind}::feedback_kind IN ('hard', 'complaint', 'unsubscribe')
          THEN coalesce((SELECT coalesce(d.sent_at, d.finished_at) FROM deliveries d WHERE d.id = e.delivery_id), e.at) ELSE e.at END AT TIME ZONE 'UTC')::date)`,
);

/**
 * Says what an event is understood as now; it waits to be weighed. Where another one says the same of the same mail,
 * nothing changes. Returns whether it did.
 */
export async function understandAnew(tx: Tx, sense: NewSense): Promise<boolean> {
  return (await understand(tx, sense)) > 0;
}

/** Deletes an event that belongs to no mail: its report turned out to speak of one. Returns whether it was there. */
export async function dropUnplaced(tx: Tx, id: bigint): Promise<boolean> {
  const { count } = await tx.feedbackEvent.deleteMany({ where: { id, deliveryId: null, correctedKind: null } });
  return count > 0;
}
