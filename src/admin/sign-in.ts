import { createHash, randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { createSession, findSession, type AdminSession } from '../db/operator/admin-sessions.ts';
import { createSignInLink, useSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import type { Actor } from '../model/actor.ts';

/** How long a sign-in link works (DESIGN 6). */
export const LINK_MINUTES = 15;
/** How long a session lasts. */
export const SESSION_HOURS = 12;

const MINUTE_MS = 60_000;

/** Makes a single-use sign-in link for the admin at a canonical address, who is created where new. Only its hash is kept; their older links are void. */
export async function makeSignInLink(ctx: Context, email: string, by: { actor: Actor }): Promise<string> {
  const token = newToken();
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + LINK_MINUTES * MINUTE_MS);
  await transaction(ctx.db, async (tx) => {
    await createSignInLink(tx, { email, tokenHash: hashOf(token), now, expiresAt });
    await recordAct(tx, { at: now, actor: by.actor, action: 'admin.link', detail: { admin: email } });
  });
  return `${ctx.config.PUBLIC_URL}/admin/sign-in/${token}`;
}

/** Uses up a sign-in link and opens a session; null where the link does not work (any more). Returns the session's token. */
export async function signIn(
  ctx: Context,
  linkToken: string,
  from: { network: string; browser: string },
): Promise<{ token: string; expiresAt: Date } | null> {
  const now = ctx.now();
  const token = newToken();
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * 60 * MINUTE_MS);
  return transaction(ctx.db, async (tx) => {
    const admin = await useSignInLink(tx, hashOf(linkToken), now);
    if (!admin) return null;
    const csrfToken = newToken();
    const session = { tokenHash: hashOf(token), adminId: admin.adminId, csrfToken, createdAt: now, expiresAt };
    await createSession(tx, { ...session, ...from });
    await recordAct(tx, { at: now, actor: `admin:${admin.email}`, action: 'admin.sign-in' });
    return { token, expiresAt };
  });
}

/** Finds the session behind a cookie's value. */
export async function sessionOf(ctx: Context, token: string): Promise<AdminSession | null> {
  return token === '' ? null : findSession(ctx.db, hashOf(token), ctx.now());
}

/** Returns the SHA-256 under which a token is kept. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}
