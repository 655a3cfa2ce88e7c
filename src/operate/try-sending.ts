import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { hastenProbes } from '../db/sending/circuit.ts';
import type { Actor } from '../model/actor.ts';

/** Lets one mail try each way out that is stopped now rather than later. Returns how many ways those are. */
export async function trySending(ctx: Context, by: Actor): Promise<number> {
  return transaction(ctx.db, async (tx) => {
    const ways = await hastenProbes(tx, ctx.config.SMTP_URL);
    if (ways === 0) return 0;
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'sending.try', detail: { ways } });
    await ctx.queue.wake('deliver', tx);
    return ways;
  });
}
