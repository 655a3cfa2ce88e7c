import type { Request } from 'express';
import type { Context } from '../context.ts';
import { findSignInLink } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { takeSignInRefusal } from '../subscribers/budgets.ts';
import { hashOf } from './sign-in.ts';
import { networkName } from './visitor.ts';

/**
 * Writes a refused sign-in into the audit log: why, whose link it was where that is known, from which network; never the token.
 * A flood of bad links does not fill the log: past a few an hour they are left to the log of requests.
 */
export async function noteRefusal(ctx: Context, req: Request, linkToken: string): Promise<void> {
  const ip = req.ip ?? '';
  if ((await takeSignInRefusal(ctx, ip)).outcome === 'over') return;
  const now = ctx.now();
  const link = await findSignInLink(ctx.db, hashOf(linkToken), now);
  const detail = {
    reason: link?.state ?? 'unknown',
    ...(link ? { admin: link.email } : {}),
    network: networkName(ip),
  };
  await recordAct(ctx.db, { at: now, actor: 'visitor', action: 'admin.refused', detail });
}
