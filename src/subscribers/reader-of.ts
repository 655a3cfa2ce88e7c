import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { refreshKeys } from '../db/keys.ts';
import { findSubscriber, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { verifyToken, type TokenClaim, type TokenPurpose } from '../links/tokens.ts';
import type { Subscriber } from '../model/subscriber.ts';

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
