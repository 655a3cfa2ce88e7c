import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { createSession } from '../db/operator/admin-sessions.ts';
import { useSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';

/** How long a session lasts. */
export const SESSION_HOURS = 12;

/**
 * Uses up a sign-in link and opens a session; null where the link does not work (any more). Whose link it was says who
 * acts. Returns the session's token.
 */
export async function signIn(
  ctx: Context,
  linkToken: string,
  from: { network: string; browser: string },
): Promise<{ token: string; expiresAt: Date } | null> {
  const now = ctx.now();
  const token = randomToken();
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  return transaction(ctx.db, async (tx) => {
    const admin = await useSignInLink(tx, tokenHash(linkToken), now);
    if (!admin) return null;
    const { adminId, email } = admin;
    const session = { tokenHash: tokenHash(token), adminId, csrfToken: randomToken(), createdAt: now, expiresAt };
    await createSession(tx, { ...session, ...from });
    await recordAct(tx, { at: now, actor: `admin:${email}`, action: 'admin.sign-in' });
    return { token, expiresAt };
  });
}
