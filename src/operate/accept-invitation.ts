import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { ensureAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { takeInvitation } from '../db/operator/invitations.ts';
import { tokenHash } from '../lib/random-token.ts';
import { openSession, type OpenedFrom, type OpenedSession } from './open-session.ts';

/**
 * Takes an invitation, once: whoever was invited is an admin and signed in. Who became one meanwhile keeps their role.
 * Null where the link does not work (any more).
 */
export async function acceptInvitation(ctx: Context, token: string, from: OpenedFrom): Promise<OpenedSession | null> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const invitation = await takeInvitation(tx, tokenHash(token), now);
    if (!invitation) return null;
    const { email } = invitation;
    const { id, role } = await ensureAdmin(tx, { email, role: invitation.role, now });
    const detail = { admin: email, role, by: invitation.invitedBy };
    await recordAct(tx, { at: now, actor: `admin:${email}`, action: 'admin.accept', detail });
    return openSession(ctx, tx, { adminId: id, email }, from);
  });
}
