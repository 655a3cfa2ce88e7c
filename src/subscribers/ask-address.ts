import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { createRequest } from '../db/subscribers/confirmation-requests.ts';
import { countNotices } from '../db/ledger/deliveries.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { newPublicId } from '../lib/public-id.ts';
import { mailboxHash } from '../model/address.ts';
import type { NoticeKind } from '../model/mail-kind.ts';
import type { Wishes } from './sign-up.ts';
import type { Subscriber } from '../model/subscriber.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long a confirmation link works. */
export const CONFIRM_HOURS = 48;
/** Against list bombing: mails a stranger can cause at one mailbox, whatever the alias (MAIL 1.9). */
export const COOL_DOWN_MINUTES = 10;
export const CONFIRMATIONS_A_DAY = 3;
/** Mails that tell a confirmed reader of somebody's sign-up with their address. */
const LINKS_AFTER_SIGN_UP_A_DAY = 1;

/** The address a question goes to: the subscriber's, or the one they want to move to. */
export interface Asked {
  subscriber: Subscriber;
  email: string;
  newEmail?: string;
  signUp?: Wishes;
}

/** A question that is kept; its links carry the public id. */
export interface KeptQuestion {
  id: number;
  publicId: string;
}

/** Puts the question to an address: keeps it and mails it. */
export async function askAddress(ctx: Context, tx: Tx, asked: Asked): Promise<void> {
  await mailQuestion(ctx, tx, asked, await keepQuestion(ctx, tx, asked));
}

/** Tells whether one more confirmation may go to a mailbox (by its hash): one in ten minutes, three a day. */
export function mayAsk(db: Tx, mailbox: Uint8Array, now: Date): Promise<boolean> {
  return hasRoom(db, mailbox, 'confirmation', CONFIRMATIONS_A_DAY, now);
}

/** Keeps a question until it is answered or expires. */
export async function keepQuestion(ctx: Context, tx: Tx, asked: Asked): Promise<KeptQuestion> {
  const now = ctx.now();
  const publicId = newPublicId();
  const id = await createRequest(tx, {
    publicId,
    subscriberId: asked.subscriber.id,
    ...(asked.newEmail ? { newEmail: asked.newEmail, oldEmail: asked.subscriber.email } : {}),
    ...(asked.signUp ? { signUp: { wishes: asked.signUp.wishes, preferences: asked.signUp.preferences } } : {}),
    createdAt: now,
    expiresAt: new Date(now.getTime() + CONFIRM_HOURS * 3_600_000),
  });
  return { id, publicId };
}

/** Plans the mail of a question in the ledger and wakes the senders. */
export async function mailQuestion(ctx: Context, tx: Tx, asked: Asked, question: KeptQuestion): Promise<void> {
  const { subscriber, email, newEmail, signUp } = asked;
  const to = { ...subscriber, email, language: signUp?.preferences.language ?? subscriber.language };
  const about = { key: question.publicId, requestId: question.id };
  const payload = newEmail ? ({ moves: true } as const) : null;
  await planNotice(tx, ctx.keys, { kind: 'confirmation', payload, ...about, to }, ctx.now());
  await ctx.queue.wake('deliver', tx);
}

/**
 * Mails a reader the link to their preferences, within the limits; `mostADay` is lower where a stranger may have asked.
 * With `offer` the mail offers to take over what was asked for again. Tells whether it goes.
 */
export async function mailLink(
  ctx: Context,
  tx: Tx,
  subscriber: Subscriber,
  { mostADay = LINKS_AFTER_SIGN_UP_A_DAY, offer = null }: { mostADay?: number; offer?: string | null } = {},
): Promise<boolean> {
  const now = ctx.now();
  const mailbox = mailboxHash(ctx.keys.suppression, subscriber.email);
  if (!(await hasRoom(tx, mailbox, 'link', mostADay, now))) return false;
  const payload = offer === null ? null : { offer };
  await planNotice(tx, ctx.keys, { kind: 'link', payload, key: newPublicId(), to: subscriber }, now);
  await ctx.queue.wake('deliver', tx);
  return true;
}

async function hasRoom(db: Tx, mailbox: Uint8Array, kind: NoticeKind, mostADay: number, now: Date): Promise<boolean> {
  const count = (ms: number) => countNotices(db, mailbox, kind, new Date(now.getTime() - ms));
  return (await count(COOL_DOWN_MINUTES * MINUTE_MS)) === 0 && (await count(DAY_MS)) < mostADay;
}
