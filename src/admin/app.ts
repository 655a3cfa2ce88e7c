import express, { Router, type RequestHandler } from 'express';
import type { Context } from '../context.ts';
import { openAdminPages } from './pages.ts';
import type { AdminRoom } from './room.ts';
import { digestRoutes } from './routes/digests.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { listRoutes } from './routes/lists.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { subscriberRoutes } from './routes/subscribers.ts';
import { requireAdmin } from '../http/session.ts';

/** Builds the admin's rooms, to be mounted at /admin. Everything but signing in needs a session; every act is written to the audit log. */
export function createAdminApp(ctx: Context): Router {
  const router = Router();
  const room: AdminRoom = { ctx, show: openAdminPages(ctx.config.MAIL_FROM.name) };
  router.use(privateHeaders, express.urlencoded({ extended: false, limit: '32kb' }));
  router.use(signInRoutes(room));
  router.use(requireAdmin(ctx));
  for (const routes of [dashboardRoutes, subscriberRoutes, digestRoutes, ledgerRoutes, listRoutes, sessionRoutes])
    router.use(routes(room));
  return router;
}

const privateHeaders: RequestHandler = (_req, res, next) => {
  res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'same-origin' });
  next();
};
