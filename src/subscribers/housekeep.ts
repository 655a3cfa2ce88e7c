import { tellOperator } from '../operate/tell-operator.ts';
import type { Context } from '../context.ts';
import { forgetSessions } from '../db/operator/admin-sessions.ts';
import { forgetChallenges } from '../db/operator/challenges.ts';
import { recordAct } from '../db/operator/audit.ts';
import { forgetAnswers } from '../db/operator/api-answers.ts';
import { forgetBudgets } from '../db/operator/budgets.ts';
import { transaction, type Tx } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { lockSubscriber } from '../db/subscribers/subscribers.ts';
import { listForgettable, listRemindable, type OpenSignUp } from '../db/subscribers/pending.ts';
import { announce } from '../hooks/announce.ts';
import { oneLine } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { sparing } from '../lib/sparing.ts';
import { forgetPerson } from './delete-person.ts';
import { sensibleInstant } from './sensible-hours.ts';
import { removeOutboxFiles } from './erase-outbox.ts';

const HOUR_MS = 3_600_000;
const BY: Actor = 'job:housekeeping';
const REMINDER = 'reminder';

/**
 * An unanswered sign-up is reminded of once, after this and at an hour at which people are up; of several of one
 * mailbox, one.
 */
export const REMIND_AFTER_HOURS = 24;
/** Rows handled in one run; the next run takes the rest. */
const LIMIT = 1_000;

/**
 * Reminds those who have not answered, once, deletes those who never did, and drops sessions, budgets and kept answers
 * that ran out. Safe to run twice.
 */
export async function housekeepSubscribers(ctx: Context): Promise<{ reminded: number; forgotten: number }> {
  await forgetBudgets(ctx.db, ctx.now());
  await forgetSessions(ctx.db, ctx.now());
  await forgetChallenges(ctx.db, ctx.now());
  await forgetAnswers(ctx.db, ctx.now());
  return { reminded: await remind(ctx), forgotten: await forget(ctx) };
}

async function remind(ctx: Context): Promise<number> {
  const now = ctx.now();
  const before = new Date(now.getTime() - REMIND_AFTER_HOURS * HOUR_MS);
  const quietSince = new Date(now.getTime() - ctx.config.PENDING_DAYS * 24 * HOUR_MS);
  const open = await listRemindable(ctx.db, { kind: REMINDER, before, quietSince, now, limit: LIMIT });
  const spared = await sparing(open, (rows) => transaction(ctx.db, (tx) => remindAll(ctx, tx, rows)));
  for (const { one, error } of spared)
    await tellOf(ctx, `reminder:${one.requestPublicId}`, 'A sign-up cannot be reminded', error);
  return open.length - spared.length;
}

async function remindAll(ctx: Context, tx: Tx, rows: readonly OpenSignUp[]): Promise<void> {
  const now = ctx.now();
  for (const row of rows) {
    const { requestId, timeZone, expiresAt } = row;
    const from = sensibleInstant(now, timeZone);
    const payload = { until: expiresAt.toISOString(), timeZone };
    await planNotice(tx, ctx.keys, { kind: REMINDER, payload, key: 'sign-up', requestId, from, to: row }, now);
  }
  await ctx.queue.wake('deliver', tx);
}

/** One sign-up that cannot be dealt with keeps nobody waiting: it is named, once, and tried again by the next run. */
async function tellOf(ctx: Context, key: string, subject: string, error: unknown): Promise<void> {
  ctx.log.warn({ key, problem: oneLine(error) }, 'set aside');
  const lines = [`${key}: ${oneLine(error)}`, 'It is tried again each minute; all others are dealt with.'];
  await tellOperator(ctx, { key, subject, lines }, BY);
}

async function forget(ctx: Context): Promise<number> {
  const now = ctx.now();
  const before = new Date(now.getTime() - ctx.config.PENDING_DAYS * 24 * HOUR_MS);
  let forgotten = 0;
  const forgetOne = async (publicId: string) => {
    const addresses = await transaction(ctx.db, async (tx) => {
      const subscriber = await lockSubscriber(tx, publicId);
      if (subscriber?.status !== 'pending') return null;
      const past = await forgetPerson(tx, subscriber, 'not_confirmed', now);
      await recordAct(tx, { at: now, actor: BY, action: 'forget', subject: publicId });
      await announce(ctx, tx, 'subscriber.erased', { subscriber: publicId });
      return past;
    });
    if (addresses === null) return;
    for (const { email } of addresses) await removeOutboxFiles(ctx.config.DATA_DIR, email);
    forgotten++;
  };
  const forgetAll = async (publicIds: readonly string[]) => {
    for (const publicId of publicIds) await forgetOne(publicId);
  };
  for (const { one, error } of await sparing(await listForgettable(ctx.db, { before, limit: LIMIT }), forgetAll))
    await tellOf(ctx, `forget:${one}`, 'A sign-up that was never confirmed cannot be deleted', error);
  return forgotten;
}
