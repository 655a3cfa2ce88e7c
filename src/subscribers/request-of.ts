import type { Context } from '../context.ts';
import { findRequest, type ConfirmationRequest } from '../db/subscribers/confirmation-requests.ts';
import type { Tx } from '../db/client.ts';
import type { TokenPurpose } from '../links/tokens.ts';
import { claimOf } from './reader-of.ts';

/** Finds the question that a link is about; null where the link is forged or for another purpose. */
export async function requestOf(
  ctx: Context,
  db: Tx,
  token: string,
  purpose: TokenPurpose,
): Promise<ConfirmationRequest | null> {
  const claim = await claimOf(ctx, db, purpose, token);
  return claim ? findRequest(db, claim.subject) : null;
}
