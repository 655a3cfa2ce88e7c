import type { Door, FeedbackKind } from '../../model/feedback.ts';
import type { Tx } from '../client.ts';
import { int8, text } from '../columns.ts';
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

/** Keeps reports as they came. Returns their ids, in the order given; null for what was kept before. */
export async function keepReports(tx: Tx, reports: readonly NewReport[], now: Date): Promise<(bigint | null)[]> {
  const known = await tx.feedbackReport.findMany({
    where: { sha256: { in: reports.map(({ sha256 }) => own(sha256)) } },
    select: { sha256: true },
  });
  const seen = new Set(known.map(({ sha256 }) => hex(sha256)));
  const isNew = reports.map(({ sha256 }) => {
    const key = hex(sha256);
    return !seen.has(key) && Boolean(seen.add(key));
  });
  const rows = reports.filter((_, at) => isNew[at]);
  const kept = await tx.feedbackReport.createManyAndReturn({
    data: rows.map((row) => ({
      ...row,
      kind: row.kind === 'auto-reply' ? 'auto_reply' : row.kind,
      sha256: own(row.sha256),
      bytes: own(row.bytes),
      receivedAt: now,
    })),
    select: { id: true, sha256: true },
    skipDuplicates: true,
  });
  const ids = new Map(kept.map(({ id, sha256 }) => [hex(sha256), id]));
  return reports.map(({ sha256 }, at) => (isNew[at] ? (ids.get(hex(sha256)) ?? null) : null));
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
    SELECT h.hash, min(d.id) AS id FROM unnest(${given.hashes}::text[]) AS h(hash)
    JOIN deliveries d ON d.address_hash = decode(h.hash, 'hex') AND coalesce(d.sent_at, d.finished_at) >= ${given.since} AND d.state IN ('sent', 'bounced', 'uncertain')
    GROUP BY h.hash HAVING count(*) = 1`,
);

/** Finds the only mail that went to each of these addresses since, by their hashes (hexadecimal). */
export async function findOnlyMails(db: Tx, hashes: readonly string[], since: Date): Promise<Map<string, bigint>> {
  if (hashes.length === 0) return new Map();
  const rows = await onlyMails(db, { hashes: [...hashes], since });
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

/** Finds mails by public id or by number. */
export async function findMails(db: Tx, which: { publicIds: readonly string[]; ids: readonly bigint[] }) {
  return db.delivery.findMany({
    where: { OR: [{ publicId: { in: [...which.publicIds] } }, { id: { in: [...which.ids] } }] },
    select: { id: true, publicId: true, email: true },
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Prisma wants an array of its own. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
