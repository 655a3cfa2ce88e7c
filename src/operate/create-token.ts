import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { createToken as keepToken, type ApiToken } from '../db/operator/api-tokens.ts';
import { recordAct } from '../db/operator/audit.ts';
import { AppError } from '../lib/errors.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';
import { isScope, SCOPES } from '../model/scope.ts';

/** How long a token works where nothing else is said, and at most. */
export const TOKEN_DAYS = 90;
export const MAX_TOKEN_DAYS = 3_650;
/** By this a token is known for one, wherever somebody finds it. */
export const TOKEN_PREFIX = 'opt_';

/** What a new token is to be. */
export interface TokenWish {
  /** Names it in the audit log. */
  name: string;
  scopes: readonly string[];
  days?: number | undefined;
}

/**
 * Makes a token for a program. Its text is returned this once: only its SHA-256 is kept. Throws AppError bad-input
 * where name, scopes or days cannot be used, conflict where the name was given before.
 */
export async function createToken(
  ctx: Context,
  { name, scopes, days = TOKEN_DAYS }: TokenWish,
  by: Actor,
): Promise<{ secret: string; token: ApiToken }> {
  const problem = problemOf(name, scopes, days);
  if (problem) throw new AppError('bad-input', problem);
  const secret = TOKEN_PREFIX + randomToken();
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  const given = [...new Set(scopes)].sort();
  return transaction(ctx.db, async (tx) => {
    const row = { name, tokenHash: tokenHash(secret), scopes: given, createdAt: now, expiresAt };
    const token = await keepToken(tx, row);
    if (!token)
      throw new AppError(
        'conflict',
        `«${name}» names a token already, perhaps a revoked one; expected a name of its own`,
      );
    const detail = { scopes: given, expiresAt: expiresAt.toISOString() };
    await recordAct(tx, { at: now, actor: by, action: 'token.create', subject: name, detail });
    return { secret, token };
  });
}

function problemOf(name: string, scopes: readonly string[], days: number): string | null {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/.test(name))
    return `«${name.slice(0, 60)}»: expected a name of small letters, digits, dots, - and _, 40 at most`;
  const unknown = scopes.find((scope) => !isScope(scope));
  const known = Object.keys(SCOPES).join(', ');
  if (unknown !== undefined) return `«${unknown.slice(0, 60)}» is no scope: expected some of ${known}`;
  if (scopes.length === 0) return `A token without a scope can do nothing: expected some of ${known}`;
  if (!Number.isInteger(days) || days < 1 || days > MAX_TOKEN_DAYS)
    return `${days} days: expected a whole number from 1 to ${MAX_TOKEN_DAYS}`;
  return null;
}
