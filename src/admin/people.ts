import type { Context } from '../context.ts';
import { deleteSessions, type WhichSessions } from '../db/operator/admin-sessions.ts';
import { deleteAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import type { Actor } from '../model/actor.ts';

/** Removes an admin: their sessions end and their links are void at once. Returns how many sessions that were; null where there is no such admin. */
export async function removeAdmin(
  ctx: Context,
  email: string,
  by: { actor: Actor },
): Promise<{ sessions: number } | null> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const sessions = (await deleteSessions(tx, now, { email })).get(email) ?? 0;
    if (!(await deleteAdmin(tx, email))) return null;
    await recordAct(tx, { at: now, actor: by.actor, action: 'admin.remove', detail: { admin: email, sessions } });
    return { sessions };
  });
}

/** Ends sessions at once. Returns how many. */
export async function endSessions(ctx: Context, which: WhichSessions, by: { actor: Actor }): Promise<number> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const ended = await deleteSessions(tx, now, which);
    for (const [admin, sessions] of ended)
      await recordAct(tx, { at: now, actor: by.actor, action: 'admin.end-sessions', detail: { admin, sessions } });
    return [...ended.values()].reduce((sum, count) => sum + count, 0);
  });
}
