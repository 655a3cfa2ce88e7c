import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import { lastSignUpOf } from '../db/subscribers/confirmation-requests.ts';
import { findSubscriber, lockMailbox, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import type { Actor } from '../model/actor.ts';
import { mailboxHash } from '../model/address.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { askAddress, mailLink, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import type { Wishes } from './sign-up.ts';

/** What became of the wish that a mail go to a reader: `resting` where too many such mails went there lately. */
export type SendAgainOutcome = 'sent' | 'resting' | 'closed' | 'not-now' | 'unknown';

/** Links an operator may have mailed to one mailbox in a day. */
const LINKS_A_DAY = 3;

/**
 * Sends the confirmation again to somebody who has not answered, within the limits for an address; what they asked for
 * goes with it.
 */
export function resendConfirmation(ctx: Context, publicId: string, actor: Actor): Promise<SendAgainOutcome> {
  return withReader(ctx, publicId, async (tx, reader) => {
    if (reader.status !== 'pending') return 'not-now';
    if (await isClosed(ctx, tx, reader.email, reader.confirmedAt !== null)) return 'closed';
    if (!(await mayAsk(tx, mailboxHash(ctx.keys.suppression, reader.email), ctx.now()))) return 'resting';
    const signUp = (await lastSignUpOf(tx, reader.id)) as Wishes | null;
    await askAddress(ctx, tx, { subscriber: reader, email: reader.email, ...(signUp && { signUp }) });
    await recordAct(tx, { at: ctx.now(), actor, action: 'resend-confirmation', subject: publicId });
    return 'sent';
  });
}

/** Mails a reader the links to their settings. */
export function mailTheirLinks(ctx: Context, publicId: string, actor: Actor): Promise<SendAgainOutcome> {
  return withReader(ctx, publicId, async (tx, reader) => {
    if (reader.status === 'pending') return 'not-now';
    if ((await findSuppression(tx, reader.addressHash)) !== null) return 'closed';
    if (!(await mailLink(ctx, tx, reader, { mostADay: LINKS_A_DAY }))) return 'resting';
    await recordAct(tx, { at: ctx.now(), actor, action: 'send-links', subject: publicId });
    return 'sent';
  });
}

/** Locks mailbox and reader, in the order in which a sign-up does. */
async function withReader(
  ctx: Context,
  publicId: string,
  work: (tx: Tx, reader: Subscriber) => Promise<SendAgainOutcome>,
): Promise<SendAgainOutcome> {
  return transaction(ctx.db, async (tx) => {
    const known = await findSubscriber(tx, publicId);
    if (!known) return 'unknown';
    await lockMailbox(tx, mailboxHash(ctx.keys.suppression, known.email));
    const reader = await lockSubscriber(tx, publicId);
    return reader?.email === known.email ? work(tx, reader) : 'unknown';
  });
}
