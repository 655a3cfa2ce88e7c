import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { mayStillAsk } from '../model/suppression.ts';

/**
 * Tells whether no question may go to a canonical address: it is suppressed (an erasure aside, which confirming lifts),
 * or somebody said «never again» at another alias of its mailbox. A decline does not shut out who has confirmed this
 * very address before.
 */
export async function isClosed(ctx: Context, tx: Tx, email: string, confirmedBefore: boolean): Promise<boolean> {
  const suppressed = await findSuppression(tx, addressHash(ctx.keys.suppression, email));
  if (!mayStillAsk(suppressed)) return true;
  return !confirmedBefore && (await findSuppression(tx, mailboxHash(ctx.keys.suppression, email))) !== null;
}
