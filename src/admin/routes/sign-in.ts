import { Router, type Request, type Response } from 'express';
import { findSignInLink } from '../../db/operator/admins.ts';
import { fieldOf } from '../../http/bodies.ts';
import { inEvenTime } from '../../http/even-time.ts';
import { tokenOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { tokenHash } from '../../lib/random-token.ts';
import { askToSignIn } from '../../operate/ask-to-sign-in.ts';
import { LINK_MINUTES } from '../../operate/make-sign-in-link.ts';
import { noteRefusedSignIn } from '../../operate/note-refused-sign-in.ts';
import { signIn } from '../../operate/sign-in.ts';
import { takeSignInMail } from '../../subscribers/budgets.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import type { Admin } from '../admin.ts';
import { handOver, openedFrom, showLocked, showWays, whileNotLocked } from '../sign-in-steps.ts';
import { networkName } from '../visitor.ts';

/** The routes below, which need no session. */
export const signInRights = ['GET /sign-in', 'POST /sign-in', 'GET /sign-in/:token', 'POST /sign-in/:token'] as const;

/**
 * Serves signing in by mail: whoever asks is told the same whatever the address; the link shows a button (scanners open
 * links), only the button signs in, once.
 */
export function signInRoutes(admin: Admin): Router {
  const router = Router();
  const unlocked = whileNotLocked(admin);
  router.get('/sign-in', (req, res) => showWays(admin, req, res));
  router.post('/sign-in', unlocked, (req, res) => ask(admin, req, res));
  router.get('/sign-in/:token', unlocked, async (req, res) => {
    const link = await findSignInLink(admin.ctx.db, tokenHash(tokenOf(req)), admin.ctx.now());
    if (link?.state !== 'open') return refuse(admin, req, res);
    const { words } = visitOf(req);
    const view = { says: words('admin.identity.link.lead', { email: link.email }), action: req.originalUrl };
    admin.show(req, res, { title: words('admin.identity.title'), template: 'sign-in', view });
  });
  router.post('/sign-in/:token', unlocked, async (req, res) => {
    const session = await signIn(admin.ctx, tokenOf(req), await openedFrom(admin.ctx, req));
    if (!session) return refuse(admin, req, res);
    res.redirect(303, handOver(admin.ctx, req, res, session));
  });
  return router;
}

async function ask(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words, visitor } = visitOf(req);
  const { ip, language } = visitor;
  const email = checkEmail(await fieldOf(req, 'email'));
  if (!email.ok) return showWays(admin, req, res, words('admin.identity.noAddress'), 422);
  const budget = await takeSignInMail(admin.ctx, ip);
  if (budget.outcome === 'over') return showLocked(admin, req, res, budget.retryAfterSeconds);
  await inEvenTime(() => askToSignIn(admin.ctx, { email: email.value, language, ip }));
  const says = words('admin.identity.sent.text', { email: email.value, minutes: LINK_MINUTES });
  admin.show(req, res, { template: 'sign-in-told', title: words('admin.identity.sent.title'), view: { says } });
}

async function refuse(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words, visitor } = visitOf(req);
  const refused = { linkToken: tokenOf(req), ip: visitor.ip, network: networkName(visitor.ip) };
  await noteRefusedSignIn(admin.ctx, refused, 'visitor');
  showWays(admin, req, res, words('admin.identity.link.dead', { minutes: LINK_MINUTES }), 404);
}
