import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { createToken as keepToken, type ApiToken } from '../db/operator/api-tokens.ts';
import { recordAct } from '../db/operator/audit.ts';
import { AppError, type Said } from '../lib/errors.ts';
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
  if (problem) throw problem;
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
        { said: { name: 'token.taken', values: { given: name } } },
      );
    const detail = { scopes: given, expiresAt: expiresAt.toISOString() };
    await recordAct(tx, { at: now, actor: by, action: 'token.create', subject: name, detail });
    return { secret, token };
  });
}

function problemOf(name: string, scopes: readonly string[], days: number): AppError | null {
  const refuse = (message: string, said: Said) => new AppError('bad-input', message, { said });
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/.test(name)) {
    const given = name.slice(0, 60);
    const message = `«${given}»: expected a name of small letters, digits, dots, - and _, 40 at most`;
    return refuse(message, { name: 'token.name', values: { given } });
  }
  const unknown = scopes.find((scope) => !isScope(scope))?.slice(0, 60);
  const known = Object.keys(SCOPES).join(', ');
  if (unknown !== undefined)
    return refuse(`«${unknown}» is no scope: expected some of ${known}`, {
      ...{ name: 'token.scope', values: { given: unknown, known } },
    });
  if (scopes.length === 0)
    return refuse(`A token without a scope can do nothing: expected some of ${known}`, { name: 'token.noScope' });
  if (!Number.isInteger(days) || days < 1 || days > MAX_TOKEN_DAYS)
    return refuse(`${days} days: expected a whole number from 1 to ${MAX_TOKEN_DAYS}`, {
      ...{ name: 'token.days', values: { most: MAX_TOKEN_DAYS } },
    });
  return null;
}
