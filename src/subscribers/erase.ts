import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import { findSubscriberByEmail, lockMailbox, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { addSuppression } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { forgetPerson } from './delete-person.ts';
import { removeOutboxFiles } from './erase-outbox.ts';
import { readerOf } from './reader-of.ts';
import type { Actor } from '../model/actor.ts';

export type EraseOutcome = { outcome: 'erased'; outboxFiles: number } | { outcome: 'unknown' };

/**
 * Deletes a person's data for good (GDPR 17): everything that names them, their mails in the outbox folder included.
 * What stays is a keyed hash of each address that was theirs, so that no import brings it back; only their own new
 * confirmation lifts it.
 */
export async function erase(
  ctx: Context,
  reader: { token: string } | { email: string },
  by: { actor: Actor } = { actor: 'reader' },
): Promise<EraseOutcome> {
  const erased = await transaction(ctx.db, async (tx): Promise<string[] | null> => {
    const found =
      'token' in reader
        ? await readerOf(ctx, tx, 'preferences', reader.token)
        : await findSubscriberByEmail(tx, reader.email);
    if (!found) return null;
    await lockMailbox(tx, mailboxHash(ctx.keys.suppression, found.email));
    const subscriber = await lockSubscriber(tx, found.publicId);
    if (!subscriber) return null;
    const now = ctx.now();
    const addresses = await forgetPerson(tx, subscriber, 'erased', now);
    for (const { email, theirs } of addresses) {
      if (!theirs) continue;
      const addressOfTheirs = addressHash(ctx.keys.suppression, email);
      await addSuppression(tx, { addressHash: addressOfTheirs, reason: 'erased', note: null, at: now });
    }
    await recordAct(tx, { at: now, actor: by.actor, action: 'erase', subject: subscriber.publicId });
    await announce(ctx, tx, 'subscriber.erased', { subscriber: subscriber.publicId });
    return addresses.map(({ email }) => email);
  });
  if (!erased) return { outcome: 'unknown' };
  let outboxFiles = 0;
  for (const email of erased) outboxFiles += await removeOutboxFiles(ctx.config.DATA_DIR, email);
  return { outcome: 'erased', outboxFiles };
}
