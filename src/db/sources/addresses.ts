import type { Tx } from '../client.ts';
import { instant, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** What is known of an address that a source asks. */
export interface KnownAddress {
  askedAt: Date;
  /** When it last gave an answer that was stored, or said that it has nothing new; null where it never did. */
  answeredAt: Date | null;
  /** When it is to be asked again. */
  dueAt: Date;
  /** Until when it asked us to stay away. */
  retryAt: Date | null;
  failures: number;
  /** What the answer that was stored last said of its version. */
  etag: string | null;
  lastModified: string | null;
  /** How many one page of several listed. */
  listed: number | null;
  /** Of a web page: when robots.txt was looked at. */
  robotsAt: Date | null;
  forbidden: boolean;
}

/** Names an address of a source: by the keyed hash of the URL. */
export interface AddressKey {
  source: string;
  key: Buffer;
}

/** Loads what is known of a source's addresses, by the hex of their keys. */
export async function knownAddresses(db: Tx, source: string): Promise<Map<string, KnownAddress>> {
  const rows = await db.sourceAddress.findMany({ where: { source } });
  return new Map(rows.map(({ key, ...known }) => [Buffer.from(key).toString('hex'), known]));
}

/** Notes, before it is done, that an address is asked now and not again before `dueAt`. */
export async function noteAsked(
  db: Tx,
  { source, key }: AddressKey,
  asked: { name: string; askedAt: Date; dueAt: Date },
): Promise<void> {
  const named = { source, key: new Uint8Array(key) };
  await db.sourceAddress.upsert({ where: { source_key: named }, create: { ...named, ...asked }, update: asked });
}

/** Notes what became of asking. */
export async function noteAnswer(
  db: Tx,
  { source, key }: AddressKey,
  answer: Partial<Omit<KnownAddress, 'askedAt'>>,
): Promise<void> {
  await db.sourceAddress.updateMany({ where: { source, key: new Uint8Array(key) }, data: answer });
}

/** Forgets addresses that were not asked since an instant; returns how many. */
export async function forgetAddresses(db: Tx, before: Date): Promise<number> {
  return (await db.sourceAddress.deleteMany({ where: { askedAt: { lt: before } } })).count;
}

/** When a source was last asked, when it will be again, and until when it asked us to stay away. */
export interface AskTimes {
  askedAt: Date | null;
  /** Null where nothing was due since it was last asked: addresses of days that are over are asked no more. */
  dueAt: Date | null;
  retryAt: Date | null;
}

const askTimes = query(
  'when sources were and will be asked',
  { source: text, askedAt: orNull(instant), dueAt: orNull(instant), retryAt: orNull(instant) },
  (given: { names: readonly string[] }) => sql`
    SELECT source, max(asked_at) AS "askedAt", min(due_at) FILTER (WHERE due_at >= newest) AS "dueAt",
      max(retry_at) AS "retryAt"
    FROM (SELECT *, max(asked_at) OVER (PARTITION BY source) AS newest FROM source_addresses
      WHERE source = ANY(${given.names}::text[])) a
    GROUP BY source`,
);

/** Tells when sources were and will be asked, by name, over all their addresses; one without addresses has nothing. */
export async function loadAskTimes(db: Tx, names: readonly string[]): Promise<Map<string, AskTimes>> {
  return new Map((await askTimes(db, { names })).map(({ source, ...times }) => [source, times]));
}

/** Makes a source's addresses due at once, but for those that asked us to stay away; returns how many. */
export async function makeDue(db: Tx, source: string, now: Date): Promise<number> {
  const where = { source, OR: [{ retryAt: null }, { retryAt: { lte: now } }] };
  return (await db.sourceAddress.updateMany({ where, data: { dueAt: now } })).count;
}
