import { isUuid } from '../../lib/uuid.ts';
import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Door, Effect, FeedbackKind, RefusalTopic } from '../../model/feedback.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { enumOf, instant, int4, int8, jsonb, orNull, text, textOf, uuid } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Something that came to be known of a mail, as it is shown. */
export interface ListedEvent {
  rowId: bigint;
  /** Public id. */
  id: string;
  at: Date;
  door: Door;
  kind: FeedbackKind;
  about: RefusalTopic | null;
  /** Null while nobody has weighed it. */
  effect: Effect | null;
  destination: string;
  /** The address that its mail went to, or that it names; null where nobody knows it, and once its reader is erased. */
  email: string | null;
  status: string | null;
  reply: string | null;
  rule: string | null;
  line: string | null;
  correctedKind: FeedbackKind | null;
  /** Public ids of the mail and the reader it speaks of. */
  delivery: string | null;
  subscriber: string | null;
}

/** Which events to list; everything without a filter. */
export interface EventFilter {
  kind?: FeedbackKind | undefined;
  door?: Door | undefined;
  effect?: Effect | undefined;
  destination?: string | undefined;
  /** A canonical address, with its keyed hash. */
  address?: { email: string; hash: Uint8Array } | undefined;
  subscriberId?: number | undefined;
  /** Only those that an operator corrected. */
  corrected?: boolean | undefined;
}

const COLUMNS = {
  rowId: int8,
  id: uuid,
  at: instant,
  door: enumOf<Door>('feedback_door'),
  kind: enumOf<FeedbackKind>('feedback_kind'),
  about: orNull(enumOf<RefusalTopic>('refusal_topic')),
  effect: orNull(textOf<Effect>()),
  destination: text,
  email: orNull(text),
  status: orNull(text),
  reply: orNull(text),
  rule: orNull(text),
  line: orNull(text),
  correctedKind: orNull(enumOf<FeedbackKind>('feedback_kind')),
  delivery: orNull(uuid),
  subscriber: orNull(text),
};

const SHOWN = sql`e.id AS "rowId", e.public_id AS id, e.at, e.door, e.kind, e.about, e.effect, e.destination, coalesce(d.email, e.named) AS email,
      e.status, e.reply, e.rule, e.line, e.corrected_kind AS "correctedKind", d.public_id AS delivery, s.public_id AS subscriber`;
const FROM = sql`FROM feedback_events e LEFT JOIN deliveries d ON d.id = e.delivery_id LEFT JOIN subscribers s ON s.id = e.subscriber_id`;

const CURSOR = cursorOf('feedback', 'instant', 'bigint');

interface Wanted {
  kind: string | null;
  door: string | null;
  effect: string | null;
  destination: string | null;
  email: string | null;
  hash: Uint8Array | null;
  subscriberId: number | null;
  corrected: boolean;
}

/** The first page lies behind the end of time. */
const eventsBehind = query(
  'events behind one',
  COLUMNS,
  (given: Wanted & { at: Date | null; id: bigint; most: number }) => sql`
    SELECT ${SHOWN} ${FROM}
    WHERE (e.at, e.id) < (coalesce(${given.at}::timestamptz, 'infinity'), ${given.id})
      AND (${given.kind}::feedback_kind IS NULL OR e.kind = ${given.kind}::feedback_kind)
      AND (${given.door}::feedback_door IS NULL OR e.door = ${given.door}::feedback_door)
      AND (${given.effect}::text IS NULL OR e.effect = ${given.effect})
      AND (${given.destination}::text IS NULL OR e.destination = ${given.destination})
      AND (${given.hash}::bytea IS NULL OR e.address_hash = ${given.hash}::bytea OR e.named = ${given.email}::text)
      AND (${given.subscriberId}::int IS NULL OR e.subscriber_id = ${given.subscriberId})
      AND (NOT ${given.corrected}::bool OR e.corrected_kind IS NOT NULL)
    ORDER BY e.at DESC, e.id DESC LIMIT ${given.most}`,
);

/** Lists events, newest first. */
export async function listEvents(db: Tx, filter: EventFilter, wish: PageWish): Promise<Page<ListedEvent>> {
  const { kind = null, door = null, effect = null, destination = null, address, subscriberId = null } = filter;
  const hash = address ? Buffer.from(address.hash) : null;
  const wanted = { kind, door, effect, destination, email: address?.email ?? null, hash, subscriberId };
  const corrected = filter.corrected ?? false;
  return readPage(
    CURSOR,
    wish,
    (key, most) => eventsBehind(db, { ...wanted, corrected, at: key?.[0] ?? null, id: key?.[1] ?? 0n, most }),
    ({ at, rowId }) => [at, rowId],
  );
}

/** An event with all that is kept of it. */
export interface EventDetail extends ListedEvent {
  subscriberId: number | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  undoneAt: Date | null;
  mailKind: MailKind | null;
  mailedAt: Date | null;
  edition: string | null;
  /** What is kept of the report; null where none came, or it is forgotten. */
  report: { name: string; because: string; sender: string | null; subject: string | null; size: number } | null;
}

const eventNamed = query(
  'event by its public id',
  {
    ...COLUMNS,
    subscriberId: orNull(int4),
    before: orNull(jsonb),
    after: orNull(jsonb),
    undoneAt: orNull(instant),
    mailKind: orNull(enumOf<MailKind>('delivery_kind')),
    mailedAt: orNull(instant),
    edition: orNull(text),
    reportName: orNull(text),
    because: orNull(text),
    sender: orNull(text),
    subject: orNull(text),
    size: orNull(int4),
  },
  (given: { publicId: string }) => sql`
    SELECT ${SHOWN}, e.subscriber_id AS "subscriberId", e.before, e.after, e.undone_at AS "undoneAt", d.kind AS "mailKind",
      coalesce(d.sent_at, d.finished_at) AS "mailedAt", n.key AS edition, r.name AS "reportName", r.because, r.sender, r.subject, octet_length(r.bytes) AS size
    ${FROM} LEFT JOIN editions n ON n.id = e.edition_id LEFT JOIN feedback_reports r ON r.id = e.report_id
    WHERE e.public_id = ${given.publicId}::uuid`,
);

/** Finds an event by its public id; null where there is none. */
export async function findEvent(db: Tx, publicId: string): Promise<EventDetail | null> {
  if (!isUuid(publicId)) return null;
  const [row] = await eventNamed(db, { publicId });
  if (!row) return null;
  const { reportName, because, sender, subject, size, before, after, ...event } = row;
  const report = reportName === null ? null : { name: reportName, because: because ?? '', sender, subject };
  return {
    ...event,
    before: before as EventDetail['before'],
    after: after as EventDetail['after'],
    report: report && { ...report, size: size ?? 0 },
  };
}

/** Reads the report of an event as it came; null where none is kept. */
export async function readReportOf(db: Tx, eventPublicId: string): Promise<Uint8Array | null> {
  if (!isUuid(eventPublicId)) return null;
  const row = await db.feedbackEvent.findUnique({
    where: { publicId: eventPublicId },
    select: { report: { select: { bytes: true } } },
  });
  return row?.report?.bytes ?? null;
}
