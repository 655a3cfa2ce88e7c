import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { findSubscriberByEmail, lockMailbox } from '../db/subscribers/subscribers.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { mailLink } from './ask-address.ts';

/** Links a reader may ask for in a day. */
const LINKS_A_DAY = 3;

/**
 * Mails a reader the link to their preferences. The same answer whoever asks; nothing goes to an address without a
 * reader.
 */
export async function askForLink(ctx: Context, email: string): Promise<{ outcome: 'accepted' }> {
  await transaction(ctx.db, (tx) => askForLinkWithin(ctx, tx, email));
  return { outcome: 'accepted' };
}

/** Does the same within a transaction. Returns whether a link goes, or as many went lately as may. */
export async function askForLinkWithin(ctx: Context, tx: Tx, email: string): Promise<boolean> {
  await lockMailbox(tx, mailboxHash(ctx.keys.suppression, email));
  const suppressed = await findSuppression(tx, addressHash(ctx.keys.suppression, email));
  const reader = await findSubscriberByEmail(tx, email);
  if (suppressed !== null || !reader || reader.status === 'pending') return false;
  await mailLink(ctx, tx, reader, { mostADay: LINKS_A_DAY });
  return true;
}
