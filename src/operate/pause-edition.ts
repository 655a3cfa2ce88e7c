import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { pauseEdition as pause, type SteerOutcome } from '../db/ledger/edition-acts.ts';
import { lockEdition } from '../db/newsletters/editions.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Stops an edition at once: nothing more of it is handed over until it is resumed. */
export async function pauseEdition(ctx: Context, key: string, by: Actor): Promise<SteerOutcome> {
  return transaction(ctx.db, async (tx) => {
    const before = { state: await lockEdition(tx, key) };
    const result = await pause(tx, key);
    if (result.outcome === 'done') {
      const change = { before, after: { state: 'paused' } };
      await recordAct(tx, { at: ctx.now(), actor: by, action: 'edition.pause', subject: key, ...change });
    }
    return result;
  });
}
