import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { countAdmins, ensureAdmin } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { createChallenge, hasChallenge, takeChallenge } from '../db/operator/challenges.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';
import { openSession, type OpenedFrom, type OpenedSession } from './open-session.ts';

/** How long the link to become the first owner works. */
export const FIRST_HOURS = 24;

/**
 * Makes the link by which somebody becomes the first owner: its path, where there is no admin and no such link is open;
 * else null, so that it is said once and not at each start.
 */
export async function offerFirstSignIn(ctx: Context): Promise<string | null> {
  const now = ctx.now();
  const purpose = 'first-owner';
  const token = randomToken();
  return transaction(ctx.db, async (tx) => {
    if ((await countAdmins(tx)) > 0 || (await hasChallenge(tx, { purpose, now }))) return null;
    const expiresAt = new Date(now.getTime() + FIRST_HOURS * 3_600_000);
    await createChallenge(tx, { purpose, adminId: null, data: {}, tokenHash: tokenHash(token), expiresAt });
    return `/admin/first/${token}`;
  });
}

/** Tells whether a link to become the first owner works now. */
export async function isFirstSignIn(ctx: Context, token: string): Promise<boolean> {
  const wanted = { purpose: 'first-owner', now: ctx.now(), tokenHash: tokenHash(token) } as const;
  return (await countAdmins(ctx.db)) === 0 && (await hasChallenge(ctx.db, wanted));
}

/** Makes the first owner, at the address they give, and signs them in, once; null where the link does not work. */
export async function becomeFirstOwner(
  ctx: Context,
  { token, email }: { token: string; email: string },
  from: OpenedFrom,
): Promise<OpenedSession | null> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const taken = await takeChallenge(tx, { tokenHash: tokenHash(token), purpose: 'first-owner', now });
    if (!taken || (await countAdmins(tx)) > 0) return null;
    const { id } = await ensureAdmin(tx, { email, role: 'owner', now });
    const detail = { admin: email, role: 'owner', by: 'first link' };
    await recordAct(tx, { at: now, actor: `admin:${email}`, action: 'admin.accept', detail });
    return openSession(ctx, tx, { adminId: id, email }, from);
  });
}
