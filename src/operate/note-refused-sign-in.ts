import type { Context } from '../context.ts';
import { findSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';
import { takeSignInRefusal } from '../subscribers/budgets.ts';

/**
 * Writes a refused sign-in into the audit log: why, whose link it was where that is known, from which network; never
 * the token. A flood of bad links does not fill the log: past a few an hour they are left to the log of requests.
 */
export async function noteRefusedSignIn(
  ctx: Context,
  { linkToken, ip, network }: { linkToken: string; ip: string; network: string },
  by: Actor,
): Promise<void> {
  if ((await takeSignInRefusal(ctx, ip)).outcome === 'over') return;
  const now = ctx.now();
  const link = await findSignInLink(ctx.db, tokenHash(linkToken), now);
  const detail = { reason: link?.state ?? 'unknown', ...(link ? { admin: link.email } : {}), network };
  await recordAct(ctx.db, { at: now, actor: by, action: 'admin.refused', detail });
}
