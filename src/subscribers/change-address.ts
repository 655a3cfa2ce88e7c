import type { Context } from '../context.ts';
import { recordAct } from '../db/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import {
  closeRequests,
  countAddressQuestions,
  useRequest,
  type ConfirmationRequest,
} from '../db/confirmation-requests.ts';
import { addConsent } from '../db/consents.ts';
import { cancelDeliveries } from '../db/deliveries.ts';
import {
  changeSubscriber,
  findSubscriberByEmail,
  lockMailbox,
  lockSubscriber,
  type Subscriber,
} from '../db/subscribers.ts';
import { findSuppression, removeSuppression } from '../db/suppressions.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { askAddress, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { confirmWording, plainIp, trimmedAgent, type Visitor } from './consent.ts';
import { deletePerson } from './delete-person.ts';
import { readerOf } from './reader-of.ts';

/** What became of a wish to move to another address. The same whether the new address is known here or not. */
export type ChangeAddressOutcome = { outcome: 'asked' } | { outcome: 'same' } | { outcome: 'unknown' };

const DAY_MS = 86_400_000;
/** Addresses one reader may have asked in a day, so that a link is no way to mail strangers. */
const QUESTIONS_A_DAY = 5;

/** Asks a new address (canonical) whether it wants the reader's newsletter; nothing changes until it answers. */
export async function changeAddress(ctx: Context, token: string, email: string): Promise<ChangeAddressOutcome> {
  const reader = await readerOf(ctx, ctx.db, 'preferences', token);
  if (!reader) return { outcome: 'unknown' };
  if (reader.email === email) return { outcome: 'same' };
  const hash = addressHash(ctx.keys.suppression, email);
  await transaction(ctx.db, async (tx) => {
    const mailbox = mailboxHash(ctx.keys.suppression, email);
    await lockMailbox(tx, mailbox);
    const holder = await findSubscriberByEmail(tx, email);
    const closed = holder?.status === 'confirmed' || (await isClosed(ctx, tx, email, holder?.confirmedAt != null));
    if (closed || !(await mayAsk(tx, mailbox, ctx.now()))) return;
    if ((await countAddressQuestions(tx, reader.id, new Date(ctx.now().getTime() - DAY_MS))) >= QUESTIONS_A_DAY) return;
    await closeRequests(tx, reader.id, ctx.now()); // the newest wish counts
    await askAddress(ctx, tx, { subscriber: reader, email, addressHash: hash, newEmail: email });
  });
  return { outcome: 'asked' };
}

/** Moves a reader to the address that has just answered; whoever held it without confirming gives way. */
export async function moveAddress(
  ctx: Context,
  tx: Tx,
  subscriber: Subscriber,
  request: ConfirmationRequest,
  email: string,
  from: Visitor,
): Promise<{ outcome: 'moved'; subscriber: Subscriber } | { outcome: 'unknown' }> {
  const now = ctx.now();
  const hash = addressHash(ctx.keys.suppression, email);
  await lockMailbox(tx, mailboxHash(ctx.keys.suppression, email));
  const suppressed = await findSuppression(tx, hash);
  const holder = await findSubscriberByEmail(tx, email);
  if ((suppressed !== null && suppressed !== 'erased') || holder?.status === 'confirmed') return { outcome: 'unknown' };
  if (suppressed === 'erased') await removeSuppression(tx, hash, ['erased']);
  if (holder) {
    const locked = await lockSubscriber(tx, holder.publicId);
    if (locked) await deletePerson(tx, locked, 'address moved', now);
  }
  await useRequest(tx, request.id, now);
  await closeRequests(tx, subscriber.id, now);
  await cancelDeliveries(tx, subscriber.id, 'address changed', now);
  // A new confirmation: links in mails to the old address no longer open anything.
  const moved = await changeSubscriber(tx, subscriber.id, {
    email,
    addressHash: hash,
    generation: subscriber.generation + 1,
  });
  const words = confirmWording(from.language ?? subscriber.language, 'move');
  const evidence = { ...words, source: 'link', ip: plainIp(from.ip), userAgent: trimmedAgent(from.userAgent), at: now };
  await addConsent(tx, subscriber.id, { step: 'change', ...evidence });
  await recordAct(tx, { at: now, actor: 'reader', action: 'change-address', subject: subscriber.publicId });
  return { outcome: 'moved', subscriber: moved };
}
