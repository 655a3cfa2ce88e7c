import { Router, type Request, type Response } from 'express';
import { findSignInLink } from '../../db/operator/admins.ts';
import { tokenHash } from '../../lib/random-token.ts';
import { LINK_MINUTES } from '../../operate/make-sign-in-link.ts';
import { noteRefusedSignIn } from '../../operate/note-refused-sign-in.ts';
import { signIn } from '../../operate/sign-in.ts';
import { tokenOf } from '../../http/parameters.ts';
import { sessionOf, setSessionCookie } from '../../http/session.ts';
import { visitOf } from '../../http/visit.ts';
import type { Admin } from '../admin.ts';
import { pageToGoOn } from '../again.ts';
import { browserName, networkName } from '../visitor.ts';

/** The routes below, which need no session. */
export const signInRights = ['GET /sign-in', 'GET /sign-in/:token', 'POST /sign-in/:token'] as const;

/** Serves signing in: the link shows a button (scanners open links), only the button signs in, once. */
export function signInRoutes({ ctx, show }: Admin): Router {
  const router = Router();
  const gone = { title: 'Sign in', template: 'sign-in-help', view: { minutes: LINK_MINUTES } };
  router.get('/sign-in', (req, res) => show(req, res, { ...gone, view: { ...gone.view, failed: false } }));
  const refuse = async (req: Request, res: Response) => {
    const { ip } = visitOf(req).visitor;
    const refused = { linkToken: tokenOf(req), ip, network: networkName(ip) };
    await noteRefusedSignIn(ctx, refused, 'visitor');
    show(req, res, { ...gone, status: 404, view: { ...gone.view, failed: true } });
  };
  router.get('/sign-in/:token', async (req, res) => {
    const link = await findSignInLink(ctx.db, tokenHash(tokenOf(req)), ctx.now());
    if (link?.state !== 'open') return refuse(req, res);
    show(req, res, { title: 'Sign in', template: 'sign-in', view: { admin: link.email, action: req.originalUrl } });
  });
  router.post('/sign-in/:token', async (req, res) => {
    const { ip, userAgent } = visitOf(req).visitor;
    const replaces = (await sessionOf(ctx, req))?.id;
    const from = { network: networkName(ip), browser: browserName(userAgent), ...(replaces ? { replaces } : {}) };
    const session = await signIn(ctx, tokenOf(req), from);
    if (!session) return refuse(req, res);
    setSessionCookie(ctx, res, session.token, session.expiresAt);
    res.redirect(303, pageToGoOn(ctx, req, res));
  });
  return router;
}
