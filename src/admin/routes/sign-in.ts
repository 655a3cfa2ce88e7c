import { Router } from 'express';
import { findSignInLink } from '../../db/admins.ts';
import { textOf } from '../respond.ts';
import type { AdminRoom } from '../room.ts';
import { setSessionCookie } from '../session.ts';
import { hashOf, LINK_MINUTES, signIn } from '../sign-in.ts';

/** Serves signing in: the link shows a button (scanners open links), only the button signs in, once. */
export function signInRoutes({ ctx, show }: AdminRoom): Router {
  const router = Router();
  const gone = { title: 'Sign in', template: 'sign-in-help', view: { minutes: LINK_MINUTES } };
  router.get('/sign-in', (_req, res) => show(res, { ...gone, view: { ...gone.view, failed: false } }));
  router.get('/sign-in/:token', async (req, res) => {
    const link = await findSignInLink(ctx.db, hashOf(textOf(req.params['token'])), ctx.now());
    if (!link) return show(res, { ...gone, status: 404, view: { ...gone.view, failed: true } });
    show(res, { title: 'Sign in', template: 'sign-in', view: { admin: link.email, action: req.originalUrl } });
  });
  router.post('/sign-in/:token', async (req, res) => {
    const session = await signIn(ctx, textOf(req.params['token']));
    if (!session) return show(res, { ...gone, status: 404, view: { ...gone.view, failed: true } });
    setSessionCookie(ctx, res, session.token, session.expiresAt);
    res.redirect(303, '/admin');
  });
  return router;
}
