import { Router, type Request, type Response } from 'express';
import { fieldOf } from '../../http/bodies.ts';
import { tokenOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { becomeFirstOwner, FIRST_HOURS, isFirstSignIn } from '../../operate/first-owner.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import type { Admin } from '../admin.ts';
import { handOver, openedFrom, refuseSignIn, whileNotLocked } from '../sign-in-steps.ts';

/** The routes below, which need no session. */
export const firstRights = ['GET /first/:token', 'POST /first/:token'] as const;

/** Serves the link that `serve` prints where nobody is an admin yet: whoever opens it says who they are, once. */
export function firstRoutes(admin: Admin): Router {
  const { ctx } = admin;
  const router = Router();
  const unlocked = whileNotLocked(admin);
  router.get('/first/:token', unlocked, async (req, res) => {
    if (!(await isFirstSignIn(ctx, tokenOf(req)))) return refuse(admin, req, res);
    showForm(admin, req, res, '');
  });
  router.post('/first/:token', unlocked, async (req, res) => {
    const email = checkEmail(await fieldOf(req, 'email'));
    if (!email.ok) return showForm(admin, req, res, visitOf(req).words('admin.identity.noAddress'));
    const session = await becomeFirstOwner(
      ctx,
      { token: tokenOf(req), email: email.value },
      await openedFrom(ctx, req),
    );
    if (!session) return refuse(admin, req, res);
    handOver(ctx, req, res, session);
    res.redirect(303, '/admin');
  });
  return router;
}

function showForm({ ctx, show }: Admin, req: Request, res: Response, problem: string): void {
  const title = visitOf(req).words('admin.identity.first.title');
  const view = { problem, email: ctx.config.ADMIN_EMAIL ?? '', action: req.originalUrl };
  show(req, res, { template: 'first', title, status: problem === '' ? 200 : 422, view });
}

function refuse(admin: Admin, req: Request, res: Response): Promise<void> {
  const problem = visitOf(req).words('admin.identity.first.dead', { hours: FIRST_HOURS });
  return refuseSignIn(admin, req, res, { reason: 'first link', problem });
}
