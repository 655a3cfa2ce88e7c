import { Router, type Request, type Response } from 'express';
import { findSignInLink } from '../../db/operator/admins.ts';
import { tokenHash } from '../../lib/random-token.ts';
import { LINK_MINUTES } from '../../operate/make-sign-in-link.ts';
import { noteRefusedSignIn } from '../../operate/note-refused-sign-in.ts';
import { signIn } from '../../operate/sign-in.ts';
import { textOf } from '../respond.ts';
import type { AdminRoom } from '../room.ts';
import { setSessionCookie } from '../../http/session.ts';
import { browserName, networkName } from '../visitor.ts';

/** Serves signing in: the link shows a button (scanners open links), only the button signs in, once. */
export function signInRoutes({ ctx, show }: AdminRoom): Router {
  const router = Router();
  const gone = { title: 'Sign in', template: 'sign-in-help', view: { minutes: LINK_MINUTES } };
  router.get('/sign-in', (_req, res) => show(res, { ...gone, view: { ...gone.view, failed: false } }));
  const refuse = async (req: Request, res: Response) => {
    const ip = req.ip ?? '';
    const refused = { linkToken: textOf(req.params['token']), ip, network: networkName(ip) };
    await noteRefusedSignIn(ctx, refused, 'visitor');
    show(res, { ...gone, status: 404, view: { ...gone.view, failed: true } });
  };
  router.get('/sign-in/:token', async (req, res) => {
    const link = await findSignInLink(ctx.db, tokenHash(textOf(req.params['token'])), ctx.now());
    if (link?.state !== 'open') return refuse(req, res);
    show(res, { title: 'Sign in', template: 'sign-in', view: { admin: link.email, action: req.originalUrl } });
  });
  router.post('/sign-in/:token', async (req, res) => {
    const from = { network: networkName(req.ip ?? ''), browser: browserName(req.get('user-agent') ?? '') };
    const session = await signIn(ctx, textOf(req.params['token']), from);
    if (!session) return refuse(req, res);
    setSessionCookie(ctx, res, session.token, session.expiresAt);
    res.redirect(303, '/admin');
  });
  return router;
}
