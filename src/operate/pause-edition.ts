import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { pauseEdition as pause, type SteerOutcome } from '../db/ledger/edition-acts.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Stops an edition at once: nothing more of it is handed over until it is resumed. */
export async function pauseEdition(ctx: Context, key: string, by: Actor): Promise<SteerOutcome> {
  return transaction(ctx.db, async (tx) => {
    const result = await pause(tx, key);
    if (result.outcome === 'done')
      await recordAct(tx, { at: ctx.now(), actor: by, action: 'edition.pause', subject: key });
    return result;
  });
}
