import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { findToken, type ApiToken } from '../db/operator/api-tokens.ts';
import { spendBudget } from '../db/operator/budgets.ts';
import { tokenHash } from '../lib/random-token.ts';
import { covers, type Scope } from '../model/scope.ts';
import { ApiProblem } from './problem.ts';

/** Requests of one token in a minute. */
export const TOKEN_BUDGET = { name: 'api', points: 600, seconds: 60 };
/** Longer than any token. */
const LONGEST = 200;

/**
 * Returns the token that a request brings, where it is good and covers the scope. Throws 401 or 403, which tell what
 * was expected (RFC 6750 3), or 429 where it asked too often. No cookie counts: nothing here can be forged by a page.
 */
export async function authorize(ctx: Context, req: Request, res: Response, scope: Scope): Promise<ApiToken> {
  const [, secret = ''] = /^Bearer +([\w-]+)$/i.exec(req.get('authorization') ?? '') ?? [];
  if (secret === '' || secret.length > LONGEST) throw refused('', 'expected a token: Authorization: Bearer opt_…');
  const found = await findToken(ctx.db, tokenHash(secret), ctx.now());
  if (found.state === 'unknown') throw refused('invalid_token', 'This token is not known');
  const { token, state } = found;
  if (state === 'expired') throw refused('invalid_token', `This token expired at ${token.expiresAt.toISOString()}`);
  if (state === 'revoked') throw refused('invalid_token', 'This token was revoked');
  await spend(ctx, res, token);
  if (!covers(token.scopes, scope)) throw beyond(scope);
  return token;
}

/** Counts the request and tells what is left (draft-ietf-httpapi-ratelimit-headers-10). */
async function spend(ctx: Context, res: Response, { id }: ApiToken): Promise<void> {
  const { points, seconds } = TOKEN_BUDGET;
  const { left, resetSeconds, over } = await spendBudget(ctx.db, TOKEN_BUDGET, String(id));
  res.set('RateLimit-Policy', `"token";q=${points};w=${seconds}`);
  res.set('RateLimit', `"token";r=${left};t=${resetSeconds}`);
  if (!over) return;
  const headers = { 'Retry-After': String(resetSeconds) };
  throw new ApiProblem(429, `More than ${points} requests in ${seconds} seconds`, { headers });
}

function refused(error: string, detail: string): ApiProblem {
  const more = error === '' ? '' : `, error="${error}"`;
  return new ApiProblem(401, detail, { headers: { 'WWW-Authenticate': `Bearer realm="Offprint"${more}` } });
}

function beyond(scope: Scope): ApiProblem {
  const said = `Bearer realm="Offprint", error="insufficient_scope", scope="${scope}"`;
  return new ApiProblem(403, `This token lacks the scope ${scope}`, { headers: { 'WWW-Authenticate': said } });
}
