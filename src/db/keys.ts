import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Keys } from '../context.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { withLock } from './locks.ts';
import type { Db, Tx } from './client.ts';
import { bool, bytea, enumOf, int4 } from './columns.ts';
import { query, sql } from './statement.ts';

const KEY_BYTES = 32;

/** What opens the keys in a database: what wraps them from now on, and what may have wrapped them until now. */
export interface Wrapping {
  secret: string | undefined;
  previous?: readonly string[];
}

/** What opens the keys that a process holds, for those that come later. */
const wrappings = new WeakMap<Keys, Wrapping>();

/** By a statement, since it runs at every start: the first call of the model API costs a process some 40 ms. */
const storedKeys = query(
  'keys',
  { id: int4, purpose: enumOf<'link' | 'suppression'>('key_purpose'), secret: bytea, wrapped: bool },
  () => sql`SELECT id, purpose, secret, wrapped FROM keys ORDER BY id DESC`,
);

/**
 * Reads the secrets of the service, making them on first use under a lock, so that every process on every machine
 * agrees. Where `secret` is set they are wrapped with it (AES-256-GCM, key by HKDF-SHA256): bare ones, and those that
 * one of `previous` opens, as well. Throws AppError unavailable where nothing opens them; then none is changed.
 */
export async function loadKeys(
  db: Db,
  secret: string | undefined,
  now: Date,
  previous: readonly string[] = [],
): Promise<Keys> {
  const wrapping = { secret, previous };
  const rows = await withLock(db, 'keys', async () => {
    const found = await storedKeys(db, {});
    for (const purpose of ['link', 'suppression'] as const) {
      if (found.some((row) => row.purpose === purpose)) continue;
      const key = { purpose, ...wrap(randomBytes(KEY_BYTES), secret) };
      found.push(await db.key.create({ data: { ...key, createdAt: now } }));
    }
    const opened = found.map((row) => ({ row, ...unwrap(row, wrapping) }));
    for (const { row, key, by } of opened) {
      if (secret && by !== secret) await db.key.update({ where: { id: row.id }, data: wrap(key, secret) });
    }
    return opened.map(({ row: { id, purpose }, key }) => ({ id, purpose, secret: key }));
  });
  const keys = keysOf(rows, wrapping);
  if (!keys) throw new Error('the keys were just made and are missing');
  return keys;
}

/** Reads the secrets of the service and makes none; null where there are none yet. Throws as loadKeys does. */
export async function readKeys(db: Tx, wrapping: Wrapping): Promise<Keys | null> {
  const rows = await storedKeys(db, {});
  return keysOf(
    rows.map((row) => ({ id: row.id, purpose: row.purpose, secret: unwrap(row, wrapping).key })),
    wrapping,
  );
}

function keysOf(
  rows: readonly { id: number; purpose: 'link' | 'suppression'; secret: Buffer }[],
  wrapping: Wrapping,
): Keys | null {
  const suppression = rows.find((row) => row.purpose === 'suppression');
  if (!suppression) return null;
  const keys = {
    link: rows.filter(({ purpose }) => purpose === 'link').map(({ id, secret: key }) => ({ id, secret: key })),
    suppression: suppression.secret,
  };
  wrappings.set(keys, wrapping);
  return keys;
}

/**
 * Takes up the link keys that other processes have made or retired since: one small query, asked before a link is
 * checked and before mails are planned or composed, so that a rotation needs no restart and a retired key opens nothing
 * any more.
 */
export async function refreshKeys(db: Tx, keys: Keys): Promise<void> {
  const rows = await db.key.findMany({ where: { purpose: 'link' }, orderBy: { id: 'desc' } });
  if (rows.length === 0 || rows.map(({ id }) => id).join() === keys.link.map(({ id }) => id).join()) return;
  const known = new Map(keys.link.map((key) => [key.id, key]));
  keys.link = rows.map((row) => known.get(row.id) ?? { id: row.id, secret: unwrap(row, wrappings.get(keys)).key });
}

/** Makes a link key, which signs from now on, wrapped as the others are; returns its id. */
export async function addLinkKey(db: Tx, keys: Keys, now: Date): Promise<number> {
  const wrapped = wrap(randomBytes(KEY_BYTES), wrappings.get(keys)?.secret);
  return (await db.key.create({ data: { purpose: 'link', createdAt: now, ...wrapped } })).id;
}

function wrap(key: Buffer, secret: string | undefined): { secret: Uint8Array<ArrayBuffer>; wrapped: boolean } {
  if (!secret) return { secret: new Uint8Array(key), wrapped: false };
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(secret), iv);
  const sealed = Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { secret: new Uint8Array(sealed), wrapped: true };
}

/** Opens a stored key; returns with it the secret that did, undefined for a bare one. */
function unwrap(
  row: { secret: Uint8Array; wrapped: boolean },
  { secret, previous = [] }: Wrapping = { secret: undefined },
): { key: Buffer; by: string | undefined } {
  const stored = Buffer.from(row.secret);
  if (!row.wrapped) return { key: stored, by: undefined };
  const tried = [...(secret ? [secret] : []), ...previous];
  if (tried.length === 0)
    throw new AppError(
      'unavailable',
      'The keys in this database are wrapped: set SECRET to the value they were made with.',
    );
  let cause: unknown;
  for (const by of tried) {
    try {
      return { key: decrypt(stored, by), by };
    } catch (error) {
      cause = error;
    }
  }
  throw new AppError(
    'unavailable',
    'SECRET (or the file DATA_DIR/secret) does not open the keys in this database: it must be what they were wrapped ' +
      'with, or SECRET_PREVIOUS must be.',
    { cause },
  );
}

function decrypt(stored: Buffer, secret: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(secret), stored.subarray(0, 12));
  decipher.setAuthTag(stored.subarray(-16));
  return Buffer.concat([decipher.update(stored.subarray(12, -16)), decipher.final()]);
}

function wrappingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'offprint', 'key-wrap', KEY_BYTES));
}

/**
 * Says how the keys of a database open: each by the secret itself or bare (`opens`), some by an earlier one alone
 * (`opens-by-previous`), or in words why not. Where there are none yet they open.
 */
export async function howKeysOpen(
  db: Tx,
  wrapping: Wrapping,
): Promise<{ how: 'opens' | 'opens-by-previous' } | { how: 'closed'; why: string }> {
  const rows = await storedKeys(db, {});
  try {
    const isOld = rows.some((row) => row.wrapped && unwrap(row, wrapping).by !== wrapping.secret);
    return { how: isOld ? 'opens-by-previous' : 'opens' };
  } catch (error) {
    return { how: 'closed', why: messageOf(error) };
  }
}
