import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { sumsOf } from '../db/ledger/edition-sums.ts';
import { lockEdition, findEdition } from '../db/newsletters/editions.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Notes that the mails of an edition that may or may not have arrived are left as they are; nothing is sent, and nobody
 * is asked again. Null where there is no such edition.
 */
export async function leaveUncertain(ctx: Context, key: string, by: Actor): Promise<{ left: number } | null> {
  return transaction(ctx.db, async (tx) => {
    await lockEdition(tx, key);
    const edition = await findEdition(tx, key);
    if (!edition) return null;
    const sums = await sumsOf(tx, [edition.id]);
    const left = sums.filter(({ state }) => state === 'uncertain').reduce((sum, { count }) => sum + count, 0);
    if (left > 0)
      await recordAct(tx, { at: ctx.now(), actor: by, action: 'edition.leave', subject: key, detail: { left } });
    return { left };
  });
}
