import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { deleteSessions } from '../db/operator/admin-sessions.ts';
import { deleteAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { voidInvitations } from '../db/operator/invitations.ts';
import { isLastOwner } from '../db/operator/owners.ts';
import type { Actor } from '../model/actor.ts';

/** What became of taking somebody's rights: the last owner keeps theirs, else nobody could let others in. */
export type RemovedAdmin =
  | { outcome: 'removed'; sessions: number }
  | { outcome: 'unknown' }
  | { outcome: 'last-owner' };

/** Removes an admin: their sessions end and their links are void at once, and so are invitations to and by them. */
export async function removeAdmin(ctx: Context, email: string, by: Actor): Promise<RemovedAdmin> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    if (await isLastOwner(tx, email)) return { outcome: 'last-owner' };
    const sessions = (await deleteSessions(tx, now, { email })).get(email) ?? 0;
    if (!(await deleteAdmin(tx, email))) return { outcome: 'unknown' };
    await voidInvitations(tx, email);
    await recordAct(tx, { at: now, actor: by, action: 'admin.remove', detail: { admin: email, sessions } });
    return { outcome: 'removed', sessions };
  });
}
