import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findAdmin, setAdminRole } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { isLastOwner } from '../db/operator/owners.ts';
import type { Actor } from '../model/actor.ts';
import type { Role } from '../model/role.ts';

/** Gives an admin a role, from their next request on. The last owner keeps theirs. */
export async function changeRole(
  ctx: Context,
  { email, role }: { email: string; role: Role },
  by: Actor,
): Promise<{ outcome: 'changed' | 'same' | 'unknown' | 'last-owner' }> {
  return transaction(ctx.db, async (tx) => {
    const last = await isLastOwner(tx, email);
    const admin = await findAdmin(tx, email);
    if (!admin) return { outcome: 'unknown' };
    if (admin.role === role) return { outcome: 'same' };
    if (last) return { outcome: 'last-owner' };
    await setAdminRole(tx, email, role);
    const detail = { admin: email, from: admin.role, to: role };
    const change = { before: { role: admin.role }, after: { role } };
    const subject = `admin:${email}`;
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'admin.role', subject, detail, ...change });
    return { outcome: 'changed' };
  });
}
