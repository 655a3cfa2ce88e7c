import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { cookieIn, setCookie } from '../http/cookies.ts';

const COOKIE = 'offprint_asked';

/**
 * Lets the browser keep the token of what it was asked, so that nobody else can answer for it. `fromElsewhere`: it
 * comes back from another site.
 */
export function keepAsked(
  ctx: Context,
  res: Response,
  { token, expiresAt }: { token: string; expiresAt: Date },
  { fromElsewhere = false } = {},
): void {
  setCookie(ctx, res, COOKIE, token, expiresAt, { fromElsewhere });
}

/** Returns the token of what the browser was asked, and lets it forget it. */
export function tokenAsked(ctx: Context, req: Request, res: Response): string {
  const token = cookieIn(ctx, req, COOKIE);
  if (token !== '') setCookie(ctx, res, COOKIE, '', new Date(0));
  return token;
}
