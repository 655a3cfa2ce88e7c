import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { cancelEdition as cancel, cancelWaiting, type SteerOutcome } from '../db/ledger/edition-acts.ts';
import { lockEdition } from '../db/newsletters/editions.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Ends an edition for good: nothing more of it is handed over, what waits is cancelled and its papers return. One
 * transaction ends it and says so; what waits beyond its first mails follows in small steps, so that workers never wait
 * long. Repeating it finishes what an interruption left.
 */
export async function cancelEdition(ctx: Context, key: string, by: Actor): Promise<SteerOutcome> {
  const now = ctx.now();
  const begun = await transaction(ctx.db, async (tx) => {
    const before = { state: await lockEdition(tx, key) };
    const result = await cancel(tx, key, now);
    const change = changeOf(before, { state: 'cancelled' });
    if (result.outcome === 'done')
      await recordAct(tx, { at: now, actor: by, action: 'edition.cancel', subject: key, ...change });
    return result;
  });
  if (begun.outcome !== 'done' && begun.outcome !== 'already') return begun;
  const followed = await cancelWaiting(ctx.db, key, now);
  return begun.outcome === 'done' ? { outcome: 'done', deliveries: begun.deliveries + followed } : begun;
}
