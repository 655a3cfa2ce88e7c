import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { deleteSessions } from '../db/operator/admin-sessions.ts';
import { deleteAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Removes an admin: their sessions end and their links are void at once. Returns how many sessions that were; null
 * where there is no such admin.
 */
export async function removeAdmin(ctx: Context, email: string, by: Actor): Promise<{ sessions: number } | null> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const sessions = (await deleteSessions(tx, now, { email })).get(email) ?? 0;
    if (!(await deleteAdmin(tx, email))) return null;
    await recordAct(tx, { at: now, actor: by, action: 'admin.remove', detail: { admin: email, sessions } });
    return { sessions };
  });
}
