import type { Context } from '../context.ts';
import { forgetSessions } from '../db/admin-sessions.ts';
import { forgetBudgets } from '../db/budgets.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/deliveries.ts';
import { lockSubscriber } from '../db/subscribers.ts';
import { listForgettable, listRemindable } from '../db/subscribers-pending.ts';
import { deletePerson } from './delete-person.ts';
import { removeOutboxFiles } from './erase-outbox.ts';

const HOUR_MS = 3_600_000;

/** An unanswered sign-up is reminded of once, after this; of several of one mailbox, one. */
export const REMIND_AFTER_HOURS = 24;
/** An unanswered sign-up is deleted after this. */
export const FORGET_AFTER_DAYS = 7;
/** Rows handled in one run; the next run takes the rest. */
const LIMIT = 1_000;

/** Reminds those who have not answered, once, deletes those who never did, and drops sessions and budgets that ran out. Safe to run twice. */
export async function housekeepSubscribers(ctx: Context): Promise<{ reminded: number; forgotten: number }> {
  await forgetBudgets(ctx.db, ctx.now());
  await forgetSessions(ctx.db, ctx.now());
  return { reminded: await remind(ctx), forgotten: await forget(ctx) };
}

async function remind(ctx: Context): Promise<number> {
  const now = ctx.now();
  const before = new Date(now.getTime() - REMIND_AFTER_HOURS * HOUR_MS);
  const quietSince = new Date(now.getTime() - FORGET_AFTER_DAYS * 24 * HOUR_MS);
  const open = await listRemindable(ctx.db, { before, quietSince, now, limit: LIMIT });
  if (open.length === 0) return 0;
  await transaction(ctx.db, async (tx) => {
    for (const row of open) {
      await planNotice(tx, {
        kind: 'reminder',
        key: 'sign-up',
        subscriberId: row.subscriberId,
        email: row.email,
        addressHash: row.addressHash,
        mailboxHash: row.mailboxHash,
        payload: { requestPublicId: row.requestPublicId },
        language: row.language,
        keyId: ctx.keys.link[0]?.id ?? 0,
        generation: row.generation,
        now,
      });
    }
    await ctx.queue.wake('deliver', tx);
  });
  return open.length;
}

async function forget(ctx: Context): Promise<number> {
  const now = ctx.now();
  const before = new Date(now.getTime() - FORGET_AFTER_DAYS * 24 * HOUR_MS);
  let forgotten = 0;
  for (const publicId of await listForgettable(ctx.db, { before, limit: LIMIT })) {
    const email = await transaction(ctx.db, async (tx) => {
      const subscriber = await lockSubscriber(tx, publicId);
      if (subscriber?.status !== 'pending') return null;
      await deletePerson(tx, subscriber, 'never confirmed', now);
      return subscriber.email;
    });
    if (email === null) continue;
    await removeOutboxFiles(ctx.config.DATA_DIR, email);
    forgotten++;
  }
  return forgotten;
}
