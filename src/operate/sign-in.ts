import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { useSignInLink } from '../db/operator/admins.ts';
import { tokenHash } from '../lib/random-token.ts';
import { openSession, type OpenedFrom, type OpenedSession } from './open-session.ts';

/**
 * Uses up a sign-in link and opens a session; null where the link does not work (any more). Whose link it was says who
 * acts.
 */
export async function signIn(ctx: Context, linkToken: string, from: OpenedFrom): Promise<OpenedSession | null> {
  return transaction(ctx.db, async (tx) => {
    const admin = await useSignInLink(tx, tokenHash(linkToken), ctx.now());
    return admin && openSession(ctx, tx, admin, from);
  });
}
