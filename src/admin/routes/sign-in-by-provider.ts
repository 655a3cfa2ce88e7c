import { Router, type Request, type Response } from 'express';
import { searchOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { signInByProvider, wayToProvider } from '../../operate/provider/sign-in.ts';
import type { Admin } from '../admin.ts';
import { keepAsked, tokenAsked } from '../challenge-cookie.ts';
import { handOver, openedFrom, providerOf, refuseSignIn, showWays, whileNotLocked } from '../sign-in-steps.ts';

/** The routes below, which need no session. */
export const providerRights = ['POST /sign-in/provider', 'GET /sign-in/provider/back'] as const;

/**
 * Serves signing in by an identity provider. Each way leads over a page that goes on by itself: no form may lead to
 * another site (Content-Security-Policy), and on the way back the browser keeps our cookies until a page of ours asks.
 */
export function providerRoutes(admin: Admin): Router {
  const { ctx } = admin;
  const router = Router();
  const unlocked = whileNotLocked(admin);
  router.post('/sign-in/provider', unlocked, async (req, res, next) => {
    if (providerOf(ctx) === '') return next();
    const way = await wayToProvider(ctx);
    if (!way) return showWays(admin, req, res, visitOf(req).words('admin.identity.provider.away'), 503);
    keepAsked(ctx, res, way, { fromElsewhere: true });
    goOn(admin, req, res, way.url);
  });
  router.get('/sign-in/provider/back', unlocked, async (req, res, next) => {
    if (providerOf(ctx) === '') return next();
    const given = { search: searchOf(req), token: tokenAsked(ctx, req, res) };
    const done = await signInByProvider(ctx, given, await openedFrom(ctx, req));
    if (done.outcome === 'signed-in') return goOn(admin, req, res, handOver(ctx, req, res, done.session));
    const problem = visitOf(req).words(`admin.identity.provider.${done.outcome}`, { host: providerOf(ctx) });
    await refuseSignIn(admin, req, res, { reason: `provider: ${done.outcome}`, email: undefined, problem });
  });
  return router;
}

/** Leads on to an address by a page that does so by itself, or by its link. */
function goOn({ ctx, show }: Admin, req: Request, res: Response, url: string): void {
  const { words } = visitOf(req);
  res.set('Refresh', `0;url=${url}`);
  show(req, res, { template: 'go-on', title: words('admin.identity.goOn'), view: { url, host: providerOf(ctx) } });
}
