import { storable } from '../../lib/storable.ts';
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
}

const keep = query(
  'keep reports',
  { id: int8, hash: filled(text) },
  (given: {
    doors: string[];
    names: string[];
    hashes: string[];
    bodies: string[];
    kinds: string[];
    becauses: string[];
    senders: (string | null)[];
    subjects: (string | null)[];
    waits: boolean[];
    now: Date;
  }) => sql`
    INSERT INTO feedback_reports (door, name, sha256, bytes, kind, because, sender, subject, waits, received_at)
    SELECT v.door, v.name, decode(v.hash, 'hex'), decode(v.body, 'base64'), v.kind, v.because, v.sender, v.subject, v.waits, ${given.now}
    FROM unnest(${given.doors}::feedback_door[], ${given.names}::text[], ${given.hashes}::text[], ${given.bodies}::text[], ${given.kinds}::feedback_kind[],
      ${given.becauses}::text[], ${given.senders}::text[], ${given.subjects}::text[], ${given.waits}::bool[])
      AS v(door, name, hash, body, kind, because, sender, subject, waits)
    ON CONFLICT DO NOTHING RETURNING id, encode(sha256, 'hex') AS hash`,
);

/** Keeps reports as they came. Returns their ids, in the order given; null for what was kept before. */
export async function keepReports(tx: Tx, reports: readonly NewReport[], now: Date): Promise<(bigint | null)[]> {
  if (reports.length === 0) return [];
  const hashes = reports.map(({ sha256 }) => hex(sha256));
  const kept = await keep(tx, {
    doors: reports.map(({ door }) => door),
    names: reports.map(({ name }) => storable(name)),
    hashes,
    bodies: reports.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    kinds: reports.map(({ kind }) => kind),
    becauses: reports.map(({ because }) => storable(because)),
    senders: reports.map(({ sender }) => sender && storable(sender)),
    subjects: reports.map(({ subject }) => subject && storable(subject)),
    waits: reports.map(({ waits }) => waits),
    now,
  });
  const ids = new Map(kept.map(({ id, hash }) => [hash, id]));
  return hashes.map((hash) => {
    const id = ids.get(hash) ?? null;
    ids.delete(hash); // of two that are the same, the first
    return id;
  });
}

const read = query(
  'places read before',
  { place: text },
  (given: { places: string[] }) => sql`
    SELECT place FROM feedback_places WHERE place = ANY(${given.places}::text[])`,
);

/** Returns those of these places in mailboxes that were read before. */
export async function placesRead(db: Tx, places: readonly string[]): Promise<Set<string>> {
  if (places.length === 0) return new Set();
  return new Set((await read(db, { places: [...places] })).map(({ place }) => place));
}

const note = command(
  'note places',
  (given: { places: string[]; hashes: string[] }) => sql`
    INSERT INTO feedback_places (place, report_id)
    SELECT v.place, r.id FROM unnest(${given.places}::text[], ${given.hashes}::text[]) AS v(place, hash) JOIN feedback_reports r ON r.sha256 = decode(v.hash, 'hex')
    ON CONFLICT (place) DO NOTHING`,
);

/** Notes where reports were read, so that nothing is read twice. */
export async function notePlaces(tx: Tx, places: readonly { place: string; sha256: Uint8Array }[]): Promise<void> {
  if (places.length === 0) return;
  await note(tx, { places: places.map(({ place }) => place), hashes: places.map(({ sha256 }) => hex(sha256)) });
}

const forget = command(
  'forget reports',
  (given: { before: Date; most: number }) => sql`
    DELETE FROM feedback_reports WHERE id IN (SELECT id FROM feedback_reports WHERE received_at < ${given.before} AND NOT waits ORDER BY received_at LIMIT ${given.most})`,
);

/** Forgets reports that came before; what was understood stays. Returns how many. */
export async function forgetReports(db: Tx, before: Date): Promise<number> {
  return forget(db, { before, most: 10_000 });
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
);

/** Finds mails by public id or by number. */
export async function findMails(db: Tx, which: { publicIds: readonly string[]; ids: readonly bigint[] }) {
  if (which.publicIds.length + which.ids.length === 0) return [];
  return mailsBy(db, { publicIds: [...which.publicIds], ids: which.ids.map(String) });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
