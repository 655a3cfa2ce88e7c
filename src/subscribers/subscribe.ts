import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { addConsent } from '../db/subscribers/consents.ts';
import { createSubscriber, findSubscriberByEmail, lockMailbox } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import { newPublicId } from '../lib/public-id.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { askAddress, mailLink, mayAsk } from './ask-address.ts';
import { isClosed } from './closed.ts';
import { signUpWording, plainIp, trimmedAgent, type Visitor } from './consent.ts';
import { settledPreferences } from './asked-preferences.ts';
import type { SignUp } from './sign-up.ts';
import { keepOffer } from './take-over.ts';
import type { Actor } from '../model/actor.ts';
import type { Subscriber } from '../model/subscriber.ts';

/** Everybody gets the same answer, whoever asks and whatever is known of the address. */
export interface SubscribeOutcome {
  outcome: 'accepted';
}

/**
 * Takes a sign-up: a new or returning address gets one confirmation mail, a confirmed reader at most one mail a day
 * with their link and what they asked for to take over, a suppressed address nothing, nor a mailbox that declined.
 * Nobody's settings change before the address has answered. Mail is planned, never sent here. `by` stands in the audit
 * log where it was not the person who asked.
 */
export async function subscribe(
  ctx: Context,
  form: SignUp,
  from: Visitor,
  options: { source?: string; by?: Actor } = {},
): Promise<SubscribeOutcome> {
  const { source = 'form', by } = options;
  await transaction(ctx.db, async (tx) => {
    await lockMailbox(tx, mailboxHash(ctx.keys.suppression, form.email));
    const known = await findSubscriberByEmail(tx, form.email);
    if (await isClosed(ctx, tx, form.email, known?.confirmedAt != null)) return;
    if (known?.status === 'confirmed')
      return mailLink(ctx, tx, known, { offer: await keepOffer(ctx, tx, known, form) });
    const asked = await ask(ctx, tx, form, known, from, source);
    if (!asked) return;
    const { publicId: subject } = asked;
    await announce(ctx, tx, 'subscriber.requested', { subscriber: subject });
    if (by) await recordAct(tx, { at: ctx.now(), actor: by, action: 'sign-up', subject });
  });
  return { outcome: 'accepted' };
}

async function ask(
  ctx: Context,
  tx: Tx,
  form: SignUp,
  known: Subscriber | null,
  from: Visitor,
  source: string,
): Promise<Subscriber | null> {
  const now = ctx.now();
  // What is on its way keeps what its own form asked for.
  if (!(await mayAsk(tx, mailboxHash(ctx.keys.suppression, form.email), now))) return null;
  const subscriber =
    known ??
    (await createSubscriber(tx, {
      ...settledPreferences(form.preferences),
      publicId: newPublicId(),
      email: form.email,
      addressHash: addressHash(ctx.keys.suppression, form.email),
      source,
      createdAt: now,
    }));
  await addConsent(tx, subscriber.id, {
    step: 'request',
    ...signUpWording(from.language ?? form.preferences.language),
    source,
    ip: plainIp(from.ip),
    userAgent: trimmedAgent(from.userAgent),
    at: now,
  });
  await askAddress(ctx, tx, { subscriber, email: form.email, signUp: form });
  return subscriber;
}
