import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findEdition, lockEdition } from '../db/newsletters/editions.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Notes that the mails of an edition that failed or bounced are left as they are; nothing is sent, and nobody is asked
 * again until there are more. Null where there is no such edition.
 */
export async function leaveFailed(ctx: Context, key: string, by: Actor): Promise<{ left: number } | null> {
  return transaction(ctx.db, async (tx) => {
    await lockEdition(tx, key);
    const edition = await findEdition(tx, key);
    if (!edition) return null;
    const { failed = 0, bounced = 0 } = edition.counts;
    const act = { at: ctx.now(), actor: by, action: 'edition.leave-failed', subject: key } as const;
    if (failed + bounced > 0) await recordAct(tx, { ...act, detail: { failed, bounced } });
    return { left: failed + bounced };
  });
}
