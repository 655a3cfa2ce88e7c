import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { findSession, type AdminSession } from '../db/operator/admin-sessions.ts';
import { tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';
import { cookieIn, setCookie } from './cookies.ts';

const COOKIE = 'offprint_admin';

/** Names the admin of a session for the audit log: `admin:ada@example.org`. */
export function actorIn({ email }: AdminSession): Actor {
  return `admin:${email}`;
}

/** Finds the session that a request's cookie opens; null where none is open. */
export function sessionOf(ctx: Context, req: Request): Promise<AdminSession | null> {
  return findOpenSession(ctx, cookieIn(ctx, req, COOKIE));
}

/** Finds the session behind a cookie's value. */
export async function findOpenSession(ctx: Context, token: string): Promise<AdminSession | null> {
  return token === '' ? null : findSession(ctx.db, tokenHash(token), ctx.now());
}

/** Hands the session's token to the browser. */
export function setSessionCookie(ctx: Context, res: Response, token: string, expires: Date): void {
  setCookie(ctx, res, COOKIE, token, expires);
}

/** Lets the browser forget the session's token. */
export function clearSessionCookie(ctx: Context, res: Response): void {
  setCookie(ctx, res, COOKIE, '', new Date(0));
}
