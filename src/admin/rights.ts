import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Context } from '../context.ts';
import { fieldOf } from '../http/bodies.ts';
import { parameter } from '../http/parameters.ts';
import type { ShowPage } from '../http/templates.ts';
import { visitOf } from '../http/visit.ts';
import { atLeast, isFresh, mayExport, type Right, type Role } from '../model/role.ts';
import { goToSignInAgain } from './again.ts';
import { sessionFrom } from './session.ts';

/** What a route asks of whoever calls it, and what some of the acts ask that its field `action` names. */
export type RouteRight = Role | (Right & { acts?: Readonly<Record<string, Right>> });

/** What each route of a section asks, by method and path: `POST /subscribers/:publicId`. */
export type Rights = Readonly<Record<`${'GET' | 'POST'} /${string}`, RouteRight>>;

/**
 * Notes what the route that a request will find asks of it. Routes are matched as Express matches them, the first that
 * fits.
 */
export function noteRights(sections: readonly { rights?: Rights }[]): Router {
  const router = Router();
  for (const { rights = {} } of sections)
    for (const [route, right] of Object.entries<RouteRight>(rights)) {
      const [method = '', path = ''] = route.split(' ');
      const note: RequestHandler = (_req, res, next) => {
        (res.locals as { right?: RouteRight }).right ??= right;
        next();
      };
      if (method === 'GET') router.get(path, note);
      else router.post(path, note);
    }
  return router;
}

/**
 * Lets a request pass only where the role of whoever signed in, and the age of their sign-in, suffice. A route that
 * says nothing of itself is an owner's alone: to everybody else it is not there.
 */
export function requireRights(ctx: Context, show: ShowPage): RequestHandler {
  return async (req, res, next) => {
    const session = sessionFrom(res);
    const { role, createdAt } = session;
    const right = await rightOf(req, res);
    if (!right) return role === 'owner' ? next() : next('router');
    const least = parameter(req, 'format') === 'csv' && !mayExport(role) ? 'editor' : right.role;
    if (!atLeast(role, least)) return refuse(show, req, res, least);
    if (right.fresh && !isFresh(createdAt, ctx.now())) return goToSignInAgain(ctx, req, res, session);
    next();
  };
}

async function rightOf(req: Request, res: Response): Promise<Right | null> {
  const { right } = res.locals as { right?: RouteRight };
  if (right === undefined) return null;
  if (typeof right === 'string') return { role: right };
  if (!right.acts || req.method !== 'POST') return right;
  const act = await fieldOf(req, 'action');
  return (Object.hasOwn(right.acts, act) ? right.acts[act] : undefined) ?? right;
}

function refuse(show: ShowPage, req: Request, res: Response, least: Role): void {
  const { role } = sessionFrom(res);
  const title = visitOf(req).words('admin.identity.notYours.title');
  show(req, res, { template: 'not-yours', title, status: 403, view: { role, least } });
}
