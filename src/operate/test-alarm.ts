import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import { tellOperator } from './tell-operator.ts';

/** Sends ADMIN_EMAIL an alarm that says it is a test; false where that is unset. */
export async function testAlarm(ctx: Context, by: Actor): Promise<boolean> {
  if (!ctx.config.ADMIN_EMAIL) return false;
  const lines = ['This is a test: alarms reach this address.', 'Nothing is wrong, and nothing has to be done.'];
  await tellOperator(ctx, { key: `test:${ctx.now().toISOString()}`, subject: 'A test of the alarms', lines }, by);
  await ctx.queue.wake('deliver');
  return true;
}
