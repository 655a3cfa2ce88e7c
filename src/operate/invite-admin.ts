import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { findAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { createInvitation, deleteInvitation } from '../db/operator/invitations.ts';
import { newPublicId } from '../lib/public-id.ts';
import { tokenHash } from '../lib/random-token.ts';
import { signToken } from '../links/tokens.ts';
import type { Actor } from '../model/actor.ts';
import type { Role } from '../model/role.ts';

/** How long an invitation can be taken. */
export const INVITATION_DAYS = 3;

/** Invites somebody to be an admin: a link goes to their address, good once. An older one to them is void. */
export async function inviteAdmin(
  ctx: Context,
  { email, role, language }: { email: string; role: Role; language: string },
  by: `admin:${string}`,
): Promise<{ outcome: 'invited' | 'known' }> {
  const key = ctx.keys.link[0];
  if (!key) throw new Error('No key to sign links with');
  const [now, link] = [ctx.now(), newPublicId()];
  const expiresAt = new Date(now.getTime() + INVITATION_DAYS * 86_400_000);
  const hash = tokenHash(signToken(key, 'invitation', link, 0));
  const inviter = by.slice('admin:'.length);
  return transaction(ctx.db, async (tx) => {
    if (await findAdmin(tx, email)) return { outcome: 'known' };
    await createInvitation(tx, { email, role, invitedBy: inviter, createdAt: now, expiresAt, tokenHash: hash });
    const to = { id: null, email, language, generation: 0 };
    const payload = { link, role, by: inviter };
    await planNotice(tx, ctx.keys, { kind: 'invitation', payload, key: link, to }, now);
    await recordAct(tx, { at: now, actor: by, action: 'admin.invite', detail: { admin: email, role } });
    await ctx.queue.wake('deliver', tx);
    return { outcome: 'invited' };
  });
}

/** Revokes an invitation: its link works no more. */
export async function revokeInvitation(ctx: Context, id: number, by: Actor): Promise<{ outcome: 'revoked' | 'gone' }> {
  return transaction(ctx.db, async (tx) => {
    const email = await deleteInvitation(tx, id);
    if (email === null) return { outcome: 'gone' };
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'admin.revoke-invitation', detail: { admin: email } });
    return { outcome: 'revoked' };
  });
}
