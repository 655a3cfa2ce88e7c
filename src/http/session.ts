import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { findSession, type AdminSession } from '../db/operator/admin-sessions.ts';
import { tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';

const COOKIE = 'offprint_admin';

/** Names the admin of a session for the audit log: `admin:ada@example.org`. */
export function actorIn({ email }: AdminSession): Actor {
  return `admin:${email}`;
}

/** Finds the session that a request's cookie opens; null where none is open. */
export function sessionOf(ctx: Context, req: Request): Promise<AdminSession | null> {
  return findOpenSession(ctx, cookieOf(ctx, req));
}

/** Finds the session behind a cookie's value. */
export async function findOpenSession(ctx: Context, token: string): Promise<AdminSession | null> {
  return token === '' ? null : findSession(ctx.db, tokenHash(token), ctx.now());
}

/** Hands the session's token to the browser: for this site alone, out of reach of scripts. */
export function setSessionCookie(ctx: Context, res: Response, token: string, expires: Date): void {
  res.cookie(cookieName(ctx), token, { ...cookieOptions(ctx), expires });
}

/** Lets the browser forget the session's token. */
export function clearSessionCookie(ctx: Context, res: Response): void {
  res.clearCookie(cookieName(ctx), cookieOptions(ctx));
}

/** Under https the name says __Host-: no other host and no page over http can have set it (RFC 6265bis 4.1.3.2). */
function cookieName(ctx: Context): string {
  return isOverTls(ctx) ? `__Host-${COOKIE}` : COOKIE;
}

function cookieOptions(ctx: Context) {
  return { httpOnly: true, sameSite: 'strict' as const, secure: isOverTls(ctx), path: '/' };
}

function isOverTls(ctx: Context): boolean {
  return ctx.config.PUBLIC_URL.startsWith('https:');
}

function cookieOf(ctx: Context, req: Request): string {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2);
    if (name === cookieName(ctx)) return value;
  }
  return '';
}
