import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { createSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';

/** How long a sign-in link works. */
export const LINK_MINUTES = 15;

/**
 * Makes a single-use sign-in link for the admin at a canonical address, who is created where new. Only its hash is
 * kept; their older links are void.
 */
export async function makeSignInLink(ctx: Context, email: string, by: Actor): Promise<string> {
  const token = randomToken();
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + LINK_MINUTES * 60_000);
  await transaction(ctx.db, async (tx) => {
    await createSignInLink(tx, { email, tokenHash: tokenHash(token), now, expiresAt });
    await recordAct(tx, { at: now, actor: by, action: 'admin.link', detail: { admin: email } });
  });
  return `${ctx.config.PUBLIC_URL}/admin/sign-in/${token}`;
}
