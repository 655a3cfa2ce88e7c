import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { createSignInLink, findAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { newPublicId } from '../lib/public-id.ts';
import { tokenHash } from '../lib/random-token.ts';
import { signToken } from '../links/tokens.ts';
import { takeSignInMailbox } from '../subscribers/budgets.ts';
import { signInLockedFor } from './lock-out.ts';
import { LINK_MINUTES } from './make-sign-in-link.ts';

/**
 * Mails an admin a single-use link to sign in, within what may go to one address. Nothing tells whoever asks whether
 * the address is an admin's.
 */
export async function askToSignIn(
  ctx: Context,
  { email, language, ip }: { email: string; language: string; ip: string },
): Promise<void> {
  const admin = await findAdmin(ctx.db, email);
  const key = ctx.keys.link[0];
  if (!admin || !key || (await signInLockedFor(ctx, { ip, email })) > 0) return;
  if ((await takeSignInMailbox(ctx, email)).outcome === 'over') return;
  const [now, link] = [ctx.now(), newPublicId()];
  const expiresAt = new Date(now.getTime() + LINK_MINUTES * 60_000);
  const hash = tokenHash(signToken(key, 'signin', link, 0));
  await transaction(ctx.db, async (tx) => {
    await createSignInLink(tx, { adminId: admin.id, tokenHash: hash, now, expiresAt, keepsOlder: true });
    const to = { id: null, email, language, generation: 0 };
    await planNotice(tx, ctx.keys, { kind: 'sign_in', payload: { link }, key: link, to }, now);
    await recordAct(tx, { at: now, actor: 'visitor', action: 'admin.link', detail: { admin: email } });
    await ctx.queue.wake('deliver', tx);
  });
}
