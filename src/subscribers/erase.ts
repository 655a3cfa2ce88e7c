import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import { findSubscriberByEmail, lockMailbox, lockSubscriber } from '../db/subscribers/subscribers.ts';
import { forgetNamed } from '../db/feedback/reports.ts';
import { forgetDestinations } from '../db/feedback/weather.ts';
import { forgetImportRowsOf } from '../db/operator/errand-leftovers.ts';
import { addressesOf } from '../db/subscribers/erase.ts';
import { addSuppression } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { addressHash, domainOf, mailboxHash } from '../model/address.ts';
import { deletePerson } from './delete-person.ts';
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
    const past = await addressesOf(tx, subscriber.id);
    await deletePerson(tx, subscriber, 'erased', now);
    const mailed = [subscriber.email, ...past.map(({ email }) => email)];
    await forgetImportRowsOf(tx, mailed);
    await forgetNamed(tx, mailed);
    await forgetDestinations(tx, [...new Set(mailed.map(domainOf))]);
    const theirs = new Set([subscriber.email, ...past.filter((one) => one.theirs).map(({ email }) => email)]);
    for (const email of theirs) {
      const addressOfTheirs = addressHash(ctx.keys.suppression, email);
      await addSuppression(tx, { addressHash: addressOfTheirs, reason: 'erased', note: null, at: now });
    }
    await recordAct(tx, { at: now, actor: by.actor, action: 'erase', subject: subscriber.publicId });
    await announce(ctx, tx, 'subscriber.erased', { subscriber: subscriber.publicId });
    return [...new Set(mailed)];
  });
  if (!erased) return { outcome: 'unknown' };
  let outboxFiles = 0;
  for (const email of erased) outboxFiles += await removeOutboxFiles(ctx.config.DATA_DIR, email);
  return { outcome: 'erased', outboxFiles };
}
