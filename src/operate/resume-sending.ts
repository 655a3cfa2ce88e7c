import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { findHold, letGo, type SendingHold } from '../db/sending/holds.ts';
import type { Actor } from '../model/actor.ts';

/** Lets everything go on that is on hold after a restore or a move. Returns what held it; null where nothing did. */
export async function resumeSending(ctx: Context, by: Actor): Promise<SendingHold | null> {
  return transaction(ctx.db, async (tx) => {
    const hold = await findHold(tx);
    if (!hold || !(await letGo(tx))) return null;
    await recordAct(tx, {
      at: ctx.now(),
      actor: by,
      action: 'sending.resume',
      subject: null,
      detail: { held: hold.reason },
    });
    for (const job of ['plan', 'deliver', 'hooks'] as const) await ctx.queue.wake(job, tx);
    return hold;
  });
}
