import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { findSession, type AdminSession } from '../db/operator/admin-sessions.ts';
import { refreshKeys } from '../db/keys.ts';
import { tokenHash } from '../lib/random-token.ts';
import type { Actor } from '../model/actor.ts';

const COOKIE = 'offprint_admin';

/**
 * Names the admin behind a request, for the audit log: `admin:ada@example.org`; null where nobody is signed in.
 * Public pages ask it too, so that a reader's link that an admin opens from the list is the admin's act.
 */
export async function adminOf(ctx: Context, req: Request): Promise<Actor | null> {
  const session = await sessionOf(ctx, cookieOf(ctx, req));
  return session ? `admin:${session.email}` : null;
}

/** Lets only signed-in admins through, and their forms only with the session's own token (CSRF). */
export function requireAdmin(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const session = await sessionOf(ctx, cookieOf(ctx, req));
    if (!session) return res.redirect(303, '/admin/sign-in');
    if (req.method !== 'GET' && req.method !== 'HEAD' && !isOwnForm(req, session)) {
      res.status(403).type('text').send('This form is not from a page of yours: go back, reload and try again.\n');
      return;
    }
    (res.locals as { session?: AdminSession }).session = session;
    await refreshKeys(ctx.db, ctx.keys); // the lists of readers hold links
    next();
  };
}

/** Returns the session that requireAdmin found. */
export function sessionFrom(res: Response): AdminSession {
  const { session } = res.locals as { session?: AdminSession };
  if (!session) throw new Error('this route is not behind requireAdmin');
  return session;
}

/** Hands the session's token to the browser: for this site alone, out of reach of scripts. */
export function setSessionCookie(ctx: Context, res: Response, token: string, expires: Date): void {
  res.cookie(cookieName(ctx), token, { ...cookieOptions(ctx), expires });
}

/** Lets the browser forget the session's token. */
export function clearSessionCookie(ctx: Context, res: Response): void {
  res.clearCookie(cookieName(ctx), cookieOptions(ctx));
}

/** Finds the session behind a cookie's value. */
export async function sessionOf(ctx: Context, token: string): Promise<AdminSession | null> {
  return token === '' ? null : findSession(ctx.db, tokenHash(token), ctx.now());
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

function isOwnForm(req: Request, session: AdminSession): boolean {
  const csrf = (req.body as Record<string, unknown> | undefined)?.['csrf'];
  const given = Buffer.from(typeof csrf === 'string' ? csrf : '');
  const own = Buffer.from(session.csrfToken);
  return given.length === own.length && timingSafeEqual(given, own);
}
