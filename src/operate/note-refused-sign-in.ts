import type { Context } from '../context.ts';
import { findSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';
import { takeSignInRefusal } from '../subscribers/budgets.ts';
import { countRefusedSignIn } from './lock-out.ts';

/** A sign-in that was refused: why, at which admin where that is known, and from where. */
export interface RefusedSignIn {
  reason: string;
  email?: string | undefined;
  ip: string;
  network: string;
}

/**
 * Writes a refused sign-in by a link into the audit log: why, whose link it was where that is known, from which
 * network; never the token.
 */
export async function noteRefusedSignIn(
  ctx: Context,
  { linkToken, ip, network }: { linkToken: string; ip: string; network: string },
  by: Actor,
): Promise<void> {
  const link = await findSignInLink(ctx.db, tokenHash(linkToken), ctx.now());
  await noteRefusal(ctx, { reason: link?.state ?? 'unknown', email: link?.email, ip, network }, by);
}

/**
 * Counts a refused sign-in, by whatever way, and writes it into the audit log. A flood of them does not fill the log:
 * past a few an hour they are left to the log of requests.
 */
export async function noteRefusal(ctx: Context, refused: RefusedSignIn, by: Actor): Promise<void> {
  const { reason, email, ip, network } = refused;
  await countRefusedSignIn(ctx, { ip, email });
  if ((await takeSignInRefusal(ctx, ip)).outcome === 'over') return;
  const detail = { reason, ...(email === undefined ? {} : { admin: email }), network };
  await recordAct(ctx.db, { at: ctx.now(), actor: by, action: 'admin.refused', detail });
}
