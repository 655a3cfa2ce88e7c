import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { lockMailbox } from '../db/subscribers/subscribers.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import { mailboxHash } from '../model/address.ts';
import { mayStillAsk } from '../model/suppression.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { askAddress, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { readerOf } from './reader-of.ts';
import { canUndo } from './unsubscribe.ts';

/**
 * How somebody who left comes back: `undo` takes it back at once, `ask` sends a confirmation to their address; `none`
 * where nothing may be sent to it.
 */
export type WayBack = 'undo' | 'ask' | 'none';

/** Tells how somebody who left comes back. */
export async function wayBackOf(ctx: Context, db: Tx, reader: Subscriber): Promise<WayBack> {
  const suppressed = await findSuppression(db, reader.addressHash);
  if (!mayStillAsk(suppressed) || (await isClosed(ctx, db, reader.email, reader.confirmedAt !== null))) return 'none';
  return suppressed === null && canUndo(reader, ctx.now()) ? 'undo' : 'ask';
}

/** What became of the wish to come back: `resting` where a question went to the address a short while ago. */
export type ComeBackOutcome =
  | { outcome: 'asked' | 'resting' | 'closed' | 'already'; subscriber: Subscriber }
  | { outcome: 'unknown' };

/**
 * Asks the address of somebody who left whether they want to come back, by their unsubscribe link: with one press in
 * that mail all is as it was.
 */
export async function askBack(ctx: Context, token: string): Promise<ComeBackOutcome> {
  const known = await readerOf(ctx, ctx.db, 'unsubscribe', token);
  if (!known) return { outcome: 'unknown' };
  const mailbox = mailboxHash(ctx.keys.suppression, known.email);
  return transaction(ctx.db, async (tx): Promise<ComeBackOutcome> => {
    await lockMailbox(tx, mailbox);
    const subscriber = await readerOf(ctx, tx, 'unsubscribe', token, { lock: true });
    if (!subscriber) return { outcome: 'unknown' };
    if (subscriber.status !== 'unsubscribed') return { outcome: 'already', subscriber };
    if ((await wayBackOf(ctx, tx, subscriber)) === 'none') return { outcome: 'closed', subscriber };
    if (!(await mayAsk(tx, mailbox, ctx.now()))) return { outcome: 'resting', subscriber };
    await askAddress(ctx, tx, { subscriber, email: subscriber.email });
    return { outcome: 'asked', subscriber };
  });
}
