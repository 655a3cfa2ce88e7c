import { storableJson } from '../../lib/storable.ts';
import type { Door, FeedbackKind } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { filled, int4, int8, orNull, text, uuid } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** What came back, as it is kept. */
export interface NewReport {
  door: Door;
  name: string;
  sha256: Uint8Array;
  bytes: Uint8Array;
  kind: FeedbackKind;
  because: string;
  sender: string | null;
  subject: string | null;
  /** A person's letter. */
  waits: boolean;
  /** Where in a mailbox it was read: never again. */
  place: string | null;
}

const keep = query(
  'keep reports',
  { id: int8, hash: filled(text) },
  (given: { reports: string; bytes: Uint8Array; now: Date }) => sql`
    WITH given AS MATERIALIZED (
      SELECT v.*, decode(v.hash, 'hex') AS sha256 FROM json_to_recordset(${given.reports}::json) AS v(door feedback_door, name text, hash text, first int, size int,
        kind feedback_kind, because text, sender text, subject text, waits bool, place text)
    ), kept AS (
      INSERT INTO feedback_reports (door, name, sha256, bytes, kind, because, sender, subject, waits, received_at)
      SELECT v.door, v.name, v.sha256, substring(${given.bytes}::bytea FROM v.first FOR v.size), v.kind, v.because, v.sender, v.subject, v.waits, ${given.now}
      FROM given v WHERE v.place IS NULL OR NOT EXISTS (SELECT FROM feedback_places p WHERE p.place = v.place)
      ON CONFLICT DO NOTHING RETURNING id, sha256
    ), noted AS (
      INSERT INTO feedback_places (place, report_id)
      SELECT v.place, coalesce(k.id, r.id) FROM given v LEFT JOIN kept k ON k.sha256 = v.sha256 LEFT JOIN feedback_reports r ON r.sha256 = v.sha256
      WHERE v.place IS NOT NULL AND coalesce(k.id, r.id) IS NOT NULL ON CONFLICT (place) DO NOTHING
    )
    SELECT id, encode(sha256, 'hex') AS hash FROM kept`,
  'once a session',
);

/**
 * Keeps reports as they came, and notes where in a mailbox they were read. Returns their ids, in the order given; null
 * for what was kept, or read there, before.
 */
export async function keepReports(tx: Tx, reports: readonly NewReport[], now: Date): Promise<(bigint | null)[]> {
  if (reports.length === 0) return [];
  let first = 1;
  const rows = reports.map(({ bytes, sha256, ...report }) => {
    const row = { ...report, hash: Buffer.from(sha256).toString('hex'), first, size: bytes.length };
    first += bytes.length;
    return row;
  });
  const bytes = Buffer.concat(reports.map((report) => report.bytes));
  const kept = await keep(tx, { reports: storableJson(rows), bytes, now });
  const ids = new Map(kept.map(({ id, hash }) => [hash, id]));
  return rows.map(({ hash }) => {
    const id = ids.get(hash) ?? null;
    ids.delete(hash); // of two that are the same, the first
    return id;
  });
}

const forget = command(
  'forget reports',
  (given: { before: Date; most: number }) => sql`
    DELETE FROM feedback_reports WHERE id IN (SELECT id FROM feedback_reports WHERE received_at < ${given.before} AND NOT waits ORDER BY received_at LIMIT ${given.most})`,
);

const forgetNames = command(
  'forget whom old events name',
  (given: { before: Date }) => sql`
    UPDATE feedback_events SET named = NULL, line = NULL
    WHERE named IS NOT NULL AND at < ${given.before} AND report_id IS NULL AND delivery_id IS NULL AND subscriber_id IS NULL AND effect IS NOT NULL`,
);

/**
 * Forgets reports that came before, and whom they named, where that was nobody's mail; what else was understood stays.
 * Returns how many reports.
 */
export async function forgetReports(db: Tx, before: Date): Promise<number> {
  const forgotten = await forget(db, { before, most: 10_000 });
  await forgetNames(db, { before });
  return forgotten;
}

const forgetOf = command(
  'forget reports about a subscriber',
  (given: { subscriberId: number }) => sql`
    DELETE FROM feedback_reports r USING feedback_events e WHERE e.report_id = r.id AND e.subscriber_id = ${given.subscriberId}`,
);

const strip = command(
  'strip events of a subscriber',
  (given: { subscriberId: number }) => sql`
    UPDATE feedback_events SET named = NULL, line = NULL, address_hash = NULL, before = NULL, after = NULL WHERE subscriber_id = ${given.subscriberId}`,
);

/** Takes a subscriber out of what came back: the mails themselves go, the rest says nothing of anybody. */
export async function forgetFeedbackOf(tx: Tx, subscriberId: number): Promise<void> {
  await forgetOf(tx, { subscriberId });
  await strip(tx, { subscriberId });
}

const forgetNaming = command(
  'forget reports that name addresses',
  (given: { emails: string[] }) => sql`
    WITH naming AS (
      UPDATE feedback_events e SET named = NULL, line = NULL WHERE e.named = ANY(${given.emails}::text[])
      RETURNING e.report_id
    )
    DELETE FROM feedback_reports r USING naming n WHERE r.id = n.report_id`,
);

/** Takes addresses out of what came back of no mail that could be found, as it names them. */
export async function forgetNamed(tx: Tx, emails: readonly string[]): Promise<void> {
  await forgetNaming(tx, { emails: [...emails] });
}

const onlyMails = query(
  'only mails to addresses',
  { hash: text, id: int8 },
  (given: { hashes: string[]; since: Date }) => sql`
    SELECT h.hash, alone.id FROM unnest(${given.hashes}::text[]) AS h(hash) CROSS JOIN LATERAL (
      SELECT min(d.id) AS id FROM deliveries d
      WHERE d.address_hash = decode(h.hash, 'hex') AND coalesce(d.sent_at, d.finished_at) >= ${given.since} AND d.state IN ('sent', 'bounced', 'uncertain')
      HAVING count(*) = 1) AS alone`,
);

/** Finds the only mail that went to each of these addresses since, by their hashes (hexadecimal). */
export async function findOnlyMails(db: Tx, hashes: readonly string[], since: Date): Promise<Map<string, bigint>> {
  if (hashes.length === 0) return new Map();
  const rows = await onlyMails(db, { hashes: [...hashes], since });
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

const mailsBy = query(
  'mails that are spoken of',
  { id: int8, publicId: uuid, email: orNull(text), subscriberId: orNull(int4) },
  (given: { publicIds: string[]; ids: string[] }) => sql`
    SELECT d.id, d.public_id AS "publicId", d.email, d.subscriber_id AS "subscriberId" FROM deliveries d WHERE d.public_id = ANY(${given.publicIds}::uuid[])
    UNION SELECT d.id, d.public_id, d.email, d.subscriber_id FROM deliveries d WHERE d.id = ANY(${given.ids}::bigint[])`,
  'once a session',
);

/** Finds mails by public id or by number. */
export async function findMails(db: Tx, which: { publicIds: readonly string[]; ids: readonly bigint[] }) {
  if (which.publicIds.length + which.ids.length === 0) return [];
  return mailsBy(db, { publicIds: [...which.publicIds], ids: which.ids.map(String) });
}
