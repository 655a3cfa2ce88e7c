import type { Said } from '../../lib/errors.ts';
import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { asDate, dateOnly } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import { filled, int4 } from '../columns.ts';
import { keptSaid } from '../said.ts';
import { command, query, sql } from '../statement.ts';

/** A capture as it was read before. */
export interface KnownCapture {
  id: number;
  /** received: handed in, and not read yet. */
  state: 'parsed' | 'rejected' | 'received';
  problem: string | null;
  /** Why, by name and values; null where that is not known. */
  said: Said | null;
  /** The list day it was read as, YYYY-MM-DD. */
  digestOn: string | null;
}

/** A capture to keep: the bytes as received, and how reading them went. */
export interface NewCapture {
  source: string;
  /** File name or URL. */
  name: string;
  /** Of the bytes, hex. */
  sha256: string;
  bytes: Uint8Array;
  result: { digestOn: string } | { problem: string; said: Said | null };
  /** How it was read. */
  reading: Reading;
}

/** How a capture was read: by which parsers, and what they were told. */
export interface Reading {
  parserVersion: number;
  /** List day, YYYY-MM-DD, where one was given. */
  on?: string | undefined;
  /** As the list of a past day. */
  past?: boolean | undefined;
}

/** A capture that was no digest, for the admin. */
export interface RejectedCapture {
  id: number;
  source: string;
  name: string;
  problem: string;
  said: KnownCapture['said'];
  receivedAt: Date;
}

/** Finds a capture of a source by the SHA-256 of its bytes (hex); null where it is new. */
export async function findCapture(db: Tx, source: string, sha256: string): Promise<KnownCapture | null> {
  const found = await db.capture.findUnique({
    where: { source_sha256: { source, sha256 } },
    select: { id: true, state: true, problem: true, said: true, digestOn: true },
  });
  if (!found) return null;
  return { ...found, said: found.said as Said | null, digestOn: found.digestOn && dateOnly(found.digestOn) };
}

/**
 * Keeps a capture and how reading it went; the same bytes of the same source are kept once, under the name they
 * came by last, and once more where they were let go of. Returns its id.
 */
export async function keepCapture(db: Tx, capture: NewCapture, now: Date): Promise<number> {
  const { source, name, sha256, bytes, result } = capture;
  const { parserVersion, on, past = false } = capture.reading;
  const told = { parserVersion, toldOn: on === undefined ? null : asDate(on), past };
  const read =
    'problem' in result
      ? { state: 'rejected' as const, problem: result.problem, said: keptSaid(result.said), digestOn: null }
      : { state: 'parsed' as const, problem: null, said: keptSaid(null), digestOn: asDate(result.digestOn) };
  const came = { bytes: new Uint8Array(bytes), receivedAt: now, forgottenAt: null };
  const kept = await db.capture.upsert({
    where: { source_sha256: { source, sha256 } },
    create: { source, name, sha256, ...came, ...read, ...told },
    update: { name, ...read, ...told },
    select: { id: true, forgottenAt: true },
  });
  if (kept.forgottenAt) await db.capture.update({ where: { id: kept.id }, data: came, select: { id: true } });
  return kept.id;
}

/** Returns the newest answer of an address that was a digest, by the name it is kept under; null: there is none. */
export async function findAnswer(db: Tx, source: string, name: string): Promise<Uint8Array | null> {
  const found = await db.capture.findFirst({
    where: { source, name, state: 'parsed', forgottenAt: null },
    orderBy: { id: 'desc' },
    select: { bytes: true },
  });
  return found && found.bytes;
}

const answered = query(
  'how many addresses answered',
  { count: filled(int4) },
  (given: { source: string; names: readonly string[] }) => sql`
    SELECT count(*)::int AS count FROM unnest(${given.names}::text[]) AS asked (name)
    WHERE EXISTS (SELECT FROM captures c WHERE c.source = ${given.source} AND c.name = asked.name AND c.state = 'parsed')`,
);

/** Counts the addresses, by the names they are kept under, of which an answer was a digest. */
export async function countAnswers(db: Tx, source: string, names: readonly string[]): Promise<number> {
  const [row] = await answered(db, { source, names });
  return row?.count ?? 0;
}

/** Tells whether something else from the same place was rejected since an instant. */
export async function hasRejected(db: Tx, source: string, name: string, since: Date): Promise<boolean> {
  return (await db.capture.count({ where: { source, name, state: 'rejected', receivedAt: { gte: since } } })) > 0;
}

const thin = command(
  'thin captures',
  (given: { source: string; name: string; digestOn: string }) => sql`
    DELETE FROM captures c
    USING (SELECT min(id) AS first, max(id) AS newest FROM captures WHERE source = ${given.source} AND name = ${given.name} AND digest_on = ${given.digestOn}::date) ends
    WHERE c.source = ${given.source} AND c.name = ${given.name} AND c.digest_on = ${given.digestOn}::date AND c.state = 'parsed'
      AND c.id NOT IN (ends.first, ends.newest) AND NOT EXISTS (SELECT FROM digests d WHERE d.capture_id = c.id)`,
);

/**
 * Thins the answers of one address to one list day to the first and the newest, and those that digests point at: a list
 * that is asked for every half hour would else keep each upvote for ever. Their entries are all stored.
 */
export async function thinCaptures(db: Tx, source: string, name: string, digestOn: string): Promise<number> {
  return thin(db, { source, name, digestOn });
}

const forget = command(
  'forget captures',
  (given: { before: Date; now: Date }) => sql`
    UPDATE captures c SET bytes = '', forgotten_at = ${given.now}
    WHERE c.forgotten_at IS NULL AND c.received_at < ${given.before} AND c.state IN ('parsed', 'rejected')
      AND NOT EXISTS (SELECT FROM digests d WHERE d.capture_id = c.id AND d.state = 'held')`,
);

/**
 * Lets go of the bytes of captures received before an instant, but for those of digests that somebody has to look at;
 * that they were received stays known. Returns how many.
 */
export async function forgetCaptures(db: Tx, before: Date, now: Date): Promise<number> {
  return forget(db, { before, now });
}

const CURSOR = cursorOf('rejected captures', 'number');

/** Lists captures that were no digests, newest first; of lists of past days the errand that asked for them tells. */
export async function listRejectedCaptures(db: Tx, wish: PageWish = { limit: 50 }): Promise<Page<RejectedCapture>> {
  const page = await readPage(
    CURSOR,
    wish,
    (key, take) =>
      db.capture.findMany({
        where: { state: 'rejected', past: false, ...(key ? { id: { lt: key[0] } } : {}) },
        orderBy: { id: 'desc' },
        take,
        select: { id: true, source: true, name: true, problem: true, said: true, receivedAt: true },
      }),
    ({ id }) => [id],
  );
  const rows = page.rows.map((row) => ({ ...row, problem: row.problem ?? '', said: row.said as Said | null }));
  return { ...page, rows };
}

/** A file that was handed in and waits to be read. */
export interface UploadedCapture {
  source: string;
  name: string;
  sha256: string;
  bytes: Uint8Array;
  /** List day it was given. */
  on: string | undefined;
}

/**
 * Keeps a file that was handed in, to be read by the ingest job; returns false where the same bytes of the source were
 * read already, as that day.
 */
export async function keepUpload(db: Tx, upload: UploadedCapture, now: Date): Promise<boolean> {
  const { source, name, sha256, bytes, on } = upload;
  const known = await findCapture(db, source, sha256);
  if (known?.state === 'parsed' && (on === undefined || on === known.digestOn)) return false;
  const told = { state: 'received' as const, toldOn: on === undefined ? null : asDate(on) };
  await db.capture.upsert({
    where: { source_sha256: { source, sha256 } },
    create: { source, name, sha256, bytes: new Uint8Array(bytes), receivedAt: now, ...told },
    update: { ...told, bytes: new Uint8Array(bytes), receivedAt: now, forgottenAt: null },
  });
  return true;
}

/** Loads the files that were handed in and wait, in the order they came. */
export async function loadUploads(db: Tx): Promise<UploadedCapture[]> {
  const select = { source: true, name: true, sha256: true, bytes: true, toldOn: true } as const;
  const rows = await db.capture.findMany({ where: { state: 'received' }, orderBy: { id: 'asc' }, select });
  return rows.map(({ toldOn, ...row }) => ({ ...row, on: toldOn ? dateOnly(toldOn) : undefined }));
}
