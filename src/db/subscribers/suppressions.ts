import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { tellFacts } from '../facts.ts';
import { bytea, enumOf, filled, instant, int4, orNull, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import type { SuppressionReason } from '../../model/suppression.ts';

/** A suppressed address, as far as it is known: by its keyed hash. */
export interface SuppressionRow {
  addressHash: Uint8Array;
  reason: SuppressionReason;
  note: string | null;
  at: Date;
}

/** Returns why an address is suppressed; null where it is not. */
export async function findSuppression(db: Tx, hash: Uint8Array): Promise<SuppressionReason | null> {
  const row = await db.suppression.findUnique({ where: { addressHash: bytes(hash) }, select: { reason: true } });
  return row?.reason ?? null;
}

/** Returns why and since when an address is suppressed; null where it is not. */
export async function readSuppression(
  db: Tx,
  hash: Uint8Array,
): Promise<{ reason: SuppressionReason; at: Date } | null> {
  return db.suppression.findUnique({ where: { addressHash: bytes(hash) }, select: { reason: true, at: true } });
}

/** Returns what was noted when an address was suppressed; null where it is not, or nothing was. */
export async function findSuppressionNote(db: Tx, hash: Uint8Array): Promise<string | null> {
  const row = await db.suppression.findUnique({ where: { addressHash: bytes(hash) }, select: { note: true } });
  return row?.note ?? null;
}

/** Lifts a suppression whose note begins so, and no other. */
export async function removeNoted(db: Tx, hash: Uint8Array, note: string): Promise<void> {
  const where = { addressHash: bytes(hash), note: { startsWith: note } };
  const { count } = await db.suppression.deleteMany({ where });
  if (count > 0) tellFacts(db, { what: 'lifted', hash: hex(hash) });
}

const suppress = command(
  'suppress an address',
  (given: { addressHash: Uint8Array; reason: SuppressionReason; note: string | null; at: Date }) => sql`
    INSERT INTO suppressions (address_hash, reason, note, at)
    VALUES (${given.addressHash}, ${given.reason}::suppression_reason, ${given.note}, ${given.at})
    ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, note = excluded.note, at = excluded.at
    WHERE suppressions.reason = 'erased' AND excluded.reason <> 'erased'`,
);

/**
 * Suppresses an address. A stronger reason replaces `erased`, never the other way round; returns whether anything
 * changed.
 */
export async function addSuppression(
  db: Tx,
  row: { addressHash: Uint8Array; reason: SuppressionReason; note: string | null; at: Date },
): Promise<boolean> {
  const changed = await suppress(db, {
    addressHash: bytes(row.addressHash),
    reason: row.reason,
    note: row.note,
    at: row.at,
  });
  if (changed > 0) tellFacts(db, { what: 'suppressed', hash: hex(row.addressHash), reason: row.reason });
  return changed > 0;
}

/** Lifts a suppression, of one of these reasons only; returns whether there was one. */
export async function removeSuppression(
  db: Tx,
  hash: Uint8Array,
  reasons: readonly SuppressionReason[],
): Promise<boolean> {
  const { count } = await db.suppression.deleteMany({
    where: { addressHash: bytes(hash), reason: { in: [...reasons] } },
  });
  if (count > 0) tellFacts(db, { what: 'lifted', hash: hex(hash) });
  return count > 0;
}

/** A suppression with the address, where a reader still holds it. */
export interface ListedSuppression extends SuppressionRow {
  email: string | null;
}

const CURSOR = cursorOf('suppressions', 'instant', 'bytes');

/** The first page lies behind the end of time. */
const suppressionsBehind = query(
  'suppressions behind one',
  {
    addressHash: bytea,
    reason: enumOf<SuppressionReason>('suppression_reason'),
    note: orNull(text),
    at: instant,
    email: orNull(text),
  },
  (given: { at: Date | null; hash: Uint8Array | null; most: number }) => sql`
    SELECT x.address_hash AS "addressHash", x.reason, x.note, x.at, s.email
    FROM suppressions x LEFT JOIN subscribers s ON s.address_hash = x.address_hash
    WHERE (x.at, x.address_hash) < (coalesce(${given.at}::timestamptz, 'infinity'), coalesce(${given.hash}::bytea, ''))
    ORDER BY x.at DESC, x.address_hash DESC LIMIT ${given.most}`,
);

/** Lists suppressions, newest first. */
export async function listSuppressions(db: Tx, wish: PageWish): Promise<Page<ListedSuppression>> {
  return readPage(
    CURSOR,
    wish,
    (key, most) => suppressionsBehind(db, { at: key?.[0] ?? null, hash: key ? bytes(key[1]) : null, most }),
    ({ at, addressHash }) => [at, addressHash],
  );
}

const suppressedAmong = query(
  'suppressed among hashes',
  { hash: text, reason: enumOf<SuppressionReason>('suppression_reason') },
  (given: { hashes: readonly string[] }) => sql`
    SELECT encode(x.address_hash, 'hex') AS hash, x.reason FROM suppressions x
    JOIN unnest(${given.hashes}::text[]) AS h ON x.address_hash = decode(h, 'hex')`,
);

/** Returns those of the hashes (hexadecimal) that are suppressed. */
export async function findSuppressed(db: Tx, hashes: readonly string[]): Promise<Map<string, SuppressionReason>> {
  const rows = await suppressedAmong(db, { hashes: [...hashes] });
  return new Map(rows.map(({ hash, reason }) => [hash, reason]));
}

const suppressedReaders = query(
  'count suppressed readers',
  { count: filled(int4) },
  (given: { most: number }) => sql`
    SELECT count(*)::int AS count FROM (SELECT address_hash FROM suppressions ORDER BY at DESC, address_hash DESC LIMIT ${given.most}) AS x
    WHERE EXISTS (SELECT FROM subscribers s WHERE s.address_hash = x.address_hash)`,
);

/** Counts the readers among so many suppressions, the newest: most are of addresses that nobody here holds any more. */
export async function countSuppressedReaders(db: Tx, most: number): Promise<number> {
  return (await suppressedReaders(db, { most }))[0]?.count ?? 0;
}

/** Prisma wants an array of its own. */
function bytes(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hash);
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
