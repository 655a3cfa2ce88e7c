import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { switchOff, type HookEndpoint } from '../db/hooks/endpoints.ts';
import { recordAct } from '../db/operator/audit.ts';
import { tellOperator } from '../operate/tell-operator.ts';

const BY = 'job:hooks';

/** Switches an endpoint off that is not there any more and tells the operator, once; false where it was off already. */
export async function switchOffFailing(
  ctx: Context,
  { publicId, url }: HookEndpoint,
  because: string,
): Promise<boolean> {
  const now = ctx.now();
  const off = await transaction(ctx.db, async (tx) => {
    if (!(await switchOff(tx, publicId, because, now))) return false;
    await recordAct(tx, { at: now, actor: BY, action: 'webhook.off', subject: publicId, detail: { because } });
    return true;
  });
  if (!off) return false;
  const lines = [
    `${new URL(url).host}: ${because}.`,
    'Nothing more is sent there, and what happens meanwhile is not kept for it.',
    `Once it works again: npx offprint webhook on ${publicId}, and npx offprint webhook replay ${publicId} for what failed.`,
  ];
  const key = `webhook:${publicId}:${now.toISOString()}`;
  await tellOperator(ctx, { key, subject: `The webhook to ${new URL(url).host} is off`, lines }, BY);
  await ctx.queue.wake('deliver');
  return true;
}
