import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import { tellOperator } from './tell-operator.ts';

/** Sends an alarm that says it is a test to ADMIN_EMAIL and ALARM_URLS; false where neither is set. */
export async function testAlarm(ctx: Context, by: Actor): Promise<boolean> {
  if (!ctx.config.ADMIN_EMAIL && ctx.config.ALARM_URLS.length === 0) return false;
  const lines = ['This is a test: alarms arrive here.', 'Nothing is wrong, and nothing has to be done.'];
  await tellOperator(ctx, { key: `test:${ctx.now().toISOString()}`, subject: 'A test of the alarms', lines }, by);
  await ctx.queue.wake('deliver');
  return true;
}
