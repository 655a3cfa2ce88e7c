import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { deleteSessions } from '../db/operator/admin-sessions.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Ends the session that somebody signs out of; nothing where it is over already. */
export async function signOut(ctx: Context, sessionId: number, by: Actor): Promise<void> {
  const now = ctx.now();
  await transaction(ctx.db, async (tx) => {
    const ended = await deleteSessions(tx, now, { id: sessionId });
    if (ended.size > 0) await recordAct(tx, { at: now, actor: by, action: 'admin.sign-out' });
  });
}
