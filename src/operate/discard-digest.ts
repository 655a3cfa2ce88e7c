import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { discardDigest as discard, lockDigest } from '../db/digests/arrivals.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';

/** Keeps a digest out of newsletters for good; `unchanged` where it is discarded already or unknown. */
export async function discardDigest(
  ctx: Context,
  id: number,
  by: Actor,
): Promise<{ outcome: 'discarded' | 'unchanged' }> {
  return transaction(ctx.db, async (tx) => {
    const before = { ...(await lockDigest(tx, id)) };
    if (!(await discard(tx, id))) return { outcome: 'unchanged' };
    const change = changeOf(before, { ...(await lockDigest(tx, id)) });
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'digest.discard', subject: String(id), ...change });
    return { outcome: 'discarded' };
  });
}
