import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { refreshKeys } from '../db/keys.ts';
import { findSubscriber, findSubscriberByEmail, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { verifyToken, type TokenClaim, type TokenPurpose } from '../links/tokens.ts';
import type { Subscriber } from '../model/subscriber.ts';

/** Who a reader is known by: a link of theirs, the id in it, or the canonical address. */
export type ReaderRef = { token: string } | { publicId: string } | { email: string };

/**
 * Returns what a link's token says, checked against the keys that are live now; null where it is malformed, forged or
 * for another purpose.
 */
export async function claimOf(ctx: Context, db: Tx, purpose: TokenPurpose, token: string): Promise<TokenClaim | null> {
  await refreshKeys(db, ctx.keys);
  return verifyToken(ctx.keys.link, purpose, token);
}

/**
 * Finds the reader a link belongs to; null where the link is forged, for another purpose, or of a generation before
 * their last consent. With `lock` the row stays locked until the transaction ends.
 */
export async function readerOf(
  ctx: Context,
  db: Tx,
  purpose: TokenPurpose,
  token: string,
  options: { lock?: boolean } = {},
): Promise<Subscriber | null> {
  const claim = await claimOf(ctx, db, purpose, token);
  if (!claim) return null;
  const reader = await (options.lock ? lockSubscriber : findSubscriber)(db, claim.subject);
  return reader && reader.generation === claim.generation ? reader : null;
}

/** Finds a reader by a link for this purpose (a text is its token), by id or by address, and locks the row. */
export async function lockReader(
  ctx: Context,
  tx: Tx,
  purpose: TokenPurpose,
  reader: string | ReaderRef,
): Promise<Subscriber | null> {
  if (typeof reader === 'string') return readerOf(ctx, tx, purpose, reader, { lock: true });
  if ('token' in reader) return readerOf(ctx, tx, purpose, reader.token, { lock: true });
  if ('publicId' in reader) return lockSubscriber(tx, reader.publicId);
  const found = await findSubscriberByEmail(tx, reader.email);
  return found && lockSubscriber(tx, found.publicId);
}
