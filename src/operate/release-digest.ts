import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { lockDigest, releaseDigest as release } from '../db/digests/arrivals.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';

/** Lets a held digest go to the readers; `unchanged` where it is not held (any more). */
export async function releaseDigest(
  ctx: Context,
  id: number,
  by: Actor,
): Promise<{ outcome: 'released' | 'unchanged' }> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const before = { ...(await lockDigest(tx, id)) };
    if (!(await release(tx, id, now))) return { outcome: 'unchanged' };
    const change = changeOf(before, { ...(await lockDigest(tx, id)) });
    await recordAct(tx, { at: now, actor: by, action: 'digest.release', subject: String(id), ...change });
    await ctx.queue.wake('match', tx);
    return { outcome: 'released' };
  });
}
