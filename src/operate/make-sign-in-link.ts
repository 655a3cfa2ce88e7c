import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { createSignInLink, ensureAdmin, setAdminRole } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { isLastOwner, lockOwners } from '../db/operator/owners.ts';
import { AppError } from '../lib/errors.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';
import type { Role } from '../model/role.ts';

/** How long a sign-in link works. */
export const LINK_MINUTES = 15;

/**
 * Makes a single-use sign-in link for the admin at a canonical address, who is created where new: with this role, else
 * as an owner where there is none yet, else as an editor. Only the link's hash is kept; their older links are void.
 */
export async function makeSignInLink(
  ctx: Context,
  email: string,
  by: Actor,
  role: Role | null = null,
): Promise<string> {
  const token = randomToken();
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + LINK_MINUTES * 60_000);
  await transaction(ctx.db, async (tx) => {
    const given = await adminAt(tx, { email, role, now });
    await createSignInLink(tx, { adminId: given.id, tokenHash: tokenHash(token), now, expiresAt });
    const detail = { admin: email, ...(given.role ? { role: given.role } : {}) };
    await recordAct(tx, { at: now, actor: by, action: 'admin.link', detail });
  });
  return `${ctx.config.PUBLIC_URL}/admin/sign-in/${token}`;
}

/** Finds or makes the admin; returns their role where that is new. */
async function adminAt(
  tx: Tx,
  { email, role, now }: { email: string; role: Role | null; now: Date },
): Promise<{ id: number; role: Role | null }> {
  const fallback = (await lockOwners(tx)).length === 0 ? 'owner' : 'editor';
  const admin = await ensureAdmin(tx, { email, role: role ?? fallback, now });
  if (admin.isNew) return admin;
  if (role === null || role === admin.role) return { id: admin.id, role: null };
  if (await isLastOwner(tx, email)) throw lastOwner(email);
  await setAdminRole(tx, email, role);
  return { id: admin.id, role };
}

/** Says of the last owner that they stay one. */
export function lastOwner(email: string): AppError {
  return new AppError(
    'conflict',
    `${email} is the last owner and stays one: make another first, \`offprint admin create EMAIL --role owner\``,
  );
}
