import { Router } from 'express';
import { fieldOf } from '../../http/bodies.ts';
import { visitOf } from '../../http/visit.ts';
import { askToUsePasskey, signInByPasskey } from '../../operate/passkeys/use.ts';
import type { Admin } from '../admin.ts';
import { keepAsked, tokenAsked } from '../challenge-cookie.ts';
import { handOver, openedFrom, refuseSignIn, whileNotLocked } from '../sign-in-steps.ts';

/** The routes below, which need no session. */
export const passkeyRights = ['POST /sign-in/passkey', 'POST /sign-in/passkey/options'] as const;

/** Serves signing in with a passkey: a script asks the browser for it, and sends its answer as a form. */
export function passkeyRoutes(admin: Admin): Router {
  const { ctx } = admin;
  const router = Router();
  const unlocked = whileNotLocked(admin);
  router.post('/sign-in/passkey/options', unlocked, async (_req, res) => {
    const { options, ...asked } = await askToUsePasskey(ctx);
    keepAsked(ctx, res, asked);
    res.json(options);
  });
  router.post('/sign-in/passkey', unlocked, async (req, res) => {
    const given = { answer: await fieldOf(req, 'answer'), token: tokenAsked(ctx, req, res) };
    const done = await signInByPasskey(ctx, given, await openedFrom(ctx, req));
    if (done.outcome === 'signed-in') return res.redirect(303, handOver(ctx, req, res, done.session));
    const problem = visitOf(req).words('admin.identity.passkey.refused');
    await refuseSignIn(admin, req, res, { reason: 'passkey', email: done.email, problem });
  });
  return router;
}
