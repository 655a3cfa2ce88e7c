import type { Tx } from '../client.ts';

/** What is known of an address that a source asks. */
export interface KnownAddress {
  askedAt: Date;
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
