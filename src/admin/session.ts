import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import type { AdminSession } from '../db/operator/admin-sessions.ts';
import { refreshKeys } from '../db/keys.ts';
import { holdsToken } from '../http/csrf.ts';
import { actorIn, sessionOf } from '../http/session.ts';
import { visitOf } from '../http/visit.ts';
import type { Actor } from '../model/actor.ts';
import { atLeast, canSeeAddresses } from '../model/role.ts';
import { rememberPage } from './again.ts';

/** Lets only signed-in admins through, before the body of their request is read. */
export function requireSession(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    if (await sessionOf(ctx, req)) next();
    else res.redirect(303, '/admin/sign-in');
  };
}

/** Lets only signed-in admins through, and their forms only with the session's own token (CSRF). */
export function requireAdmin(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const session = await sessionOf(ctx, req);
    if (!session) {
      rememberPage(ctx, req, res);
      return res.redirect(303, '/admin/sign-in');
    }
    const changes = req.method !== 'GET' && req.method !== 'HEAD';
    if (changes && !(await holdsToken(req, session.csrfToken))) {
      res
        .status(403)
        .type('text')
        .send(`${visitOf(req).words('admin.notYourForm')}\n`);
      return;
    }
    (res.locals as { session?: AdminSession }).session = session;
    await refreshKeys(ctx.db, ctx.keys); // the lists of readers hold links
    next();
  };
}

/** Returns the session that requireAdmin found; null on the pages before it. */
export function openedSession(res: Response): AdminSession | null {
  return (res.locals as { session?: AdminSession }).session ?? null;
}

/** Returns the session that requireAdmin found. */
export function sessionFrom(res: Response): AdminSession {
  const session = openedSession(res);
  if (!session) throw new Error('this route is not behind requireAdmin');
  return session;
}

/** Tells whether the signed-in admin sees the addresses of readers, and the links that act for them. */
export function seesAddresses(res: Response): boolean {
  return canSeeAddresses(sessionFrom(res).role);
}

/** The same, where a request is at hand. */
export function seesAddressesIn(req: Request): boolean {
  return req.res !== undefined && seesAddresses(req.res);
}

/** Tells whether the signed-in admin does the daily work, and does not look alone. */
export function mayActIn(req: Request): boolean {
  return req.res !== undefined && atLeast(sessionFrom(req.res).role, 'editor');
}

/** Names the signed-in admin for the audit log. */
export function actorOf(res: Response): Actor {
  return actorIn(sessionFrom(res));
}
