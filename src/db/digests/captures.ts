import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { asDate, dateOnly } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

/** A capture as it was read before. */
export interface KnownCapture {
  id: number;
  state: 'parsed' | 'rejected';
  problem: string | null;
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
  result: { digestOn: string } | { problem: string };
}

/** A capture that was no digest, for the admin. */
export interface RejectedCapture {
  id: number;
  source: string;
  name: string;
  problem: string;
  receivedAt: Date;
}

/** Finds a capture of a source by the SHA-256 of its bytes (hex); null where it is new. */
export async function findCapture(db: Tx, source: string, sha256: string): Promise<KnownCapture | null> {
  const found = await db.capture.findUnique({
    where: { source_sha256: { source, sha256 } },
    select: { id: true, state: true, problem: true, digestOn: true },
  });
  return found && { ...found, digestOn: found.digestOn && dateOnly(found.digestOn) };
}

/** Keeps a capture and how reading it went; the same bytes of the same source are kept once. Returns its id. */
export async function keepCapture(db: Tx, capture: NewCapture, now: Date): Promise<number> {
  const { source, name, sha256, bytes, result } = capture;
  const reading =
    'problem' in result
      ? { state: 'rejected' as const, problem: result.problem, digestOn: null }
      : { state: 'parsed' as const, problem: null, digestOn: asDate(result.digestOn) };
  const kept = await db.capture.upsert({
    where: { source_sha256: { source, sha256 } },
    create: { source, name, sha256, bytes: new Uint8Array(bytes), receivedAt: now, ...reading },
    update: reading,
    select: { id: true },
  });
  return kept.id;
}

/** Returns the newest answer of an address that was a digest, by the name it is kept under; null: there is none. */
export async function findAnswer(db: Tx, source: string, name: string): Promise<Uint8Array | null> {
  const found = await db.capture.findFirst({
    where: { source, name, state: 'parsed' },
    orderBy: { id: 'desc' },
    select: { bytes: true },
  });
  return found && found.bytes;
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

const CURSOR = cursorOf('rejected captures', 'number');

/** Lists captures that were no digests, newest first. */
export async function listRejectedCaptures(db: Tx, wish: PageWish = { limit: 50 }): Promise<Page<RejectedCapture>> {
  const page = await readPage(
    CURSOR,
    wish,
    (key, take) =>
      db.capture.findMany({
        where: { state: 'rejected', ...(key ? { id: { lt: key[0] } } : {}) },
        orderBy: { id: 'desc' },
        take,
        select: { id: true, source: true, name: true, problem: true, receivedAt: true },
      }),
    ({ id }) => [id],
  );
  return { ...page, rows: page.rows.map((row) => ({ ...row, problem: row.problem ?? '' })) };
}
