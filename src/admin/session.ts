import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { deleteSession, type AdminSession } from '../db/admins.ts';
import { hashOf, sessionOf } from './sign-in.ts';

const COOKIE = 'offprint_admin';

/**
 * Names the admin behind a request, for the audit log: `admin:ada@example.org`; null where nobody is signed in.
 * Public pages ask it too, so that a reader's link that an admin opens from the list is the admin's act.
 */
export async function adminOf(ctx: Context, req: Request): Promise<string | null> {
  const session = await sessionOf(ctx, cookieOf(req));
  return session ? `admin:${session.email}` : null;
}

/** Lets only signed-in admins through, and their forms only with the session's own token (CSRF). */
export function requireAdmin(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const session = await sessionOf(ctx, cookieOf(req));
    if (!session) return res.redirect(303, '/admin/sign-in');
    if (req.method !== 'GET' && req.method !== 'HEAD' && !isOwnForm(req, session)) {
      res.status(403).type('text').send('This form is not from a page of yours: go back, reload and try again.\n');
      return;
    }
    (res.locals as { session?: AdminSession }).session = session;
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
  res.cookie(COOKIE, token, { ...cookieOptions(ctx), expires });
}

/** Ends the session of a request. */
export async function signOut(ctx: Context, req: Request, res: Response): Promise<void> {
  await deleteSession(ctx.db, hashOf(cookieOf(req)));
  res.clearCookie(COOKIE, cookieOptions(ctx));
}

function cookieOptions(ctx: Context) {
  return { httpOnly: true, sameSite: 'strict' as const, secure: ctx.config.PUBLIC_URL.startsWith('https:'), path: '/' };
}

function cookieOf(req: Request): string {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return '';
}

function isOwnForm(req: Request, session: AdminSession): boolean {
  const csrf = (req.body as Record<string, unknown> | undefined)?.['csrf'];
  const given = Buffer.from(typeof csrf === 'string' ? csrf : '');
  const own = Buffer.from(session.csrfToken);
  return given.length === own.length && timingSafeEqual(given, own);
}
