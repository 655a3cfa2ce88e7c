import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { revokeToken as revoke } from '../db/operator/api-tokens.ts';
import type { Actor } from '../model/actor.ts';

/** Ends a token at once; `unknown` where none of that name works. */
export async function revokeToken(ctx: Context, name: string, by: Actor): Promise<{ outcome: 'revoked' | 'unknown' }> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    if (!(await revoke(tx, name, now))) return { outcome: 'unknown' };
    await recordAct(tx, { at: now, actor: by, action: 'token.revoke', subject: name });
    return { outcome: 'revoked' };
  });
}
