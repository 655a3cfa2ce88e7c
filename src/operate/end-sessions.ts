import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { deleteSessions, type WhichSessions } from '../db/operator/admin-sessions.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Ends sessions at once. Returns how many. */
export async function endSessions(ctx: Context, which: WhichSessions, by: Actor): Promise<number> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const ended = await deleteSessions(tx, now, which);
    for (const [admin, sessions] of ended)
      await recordAct(tx, { at: now, actor: by, action: 'admin.end-sessions', detail: { admin, sessions } });
    return [...ended.values()].reduce((sum, count) => sum + count, 0);
  });
}
