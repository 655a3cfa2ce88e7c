import express, { type Express } from 'express';
import { createAdminApp } from '../admin/app.ts';
import type { Context } from '../context.ts';
import { openRecentPapers } from '../preview/recent-papers.ts';
import { ASSETS, openPages } from './templates.ts';
import { notFound, onError } from './problems.ts';
import { requestLog } from './request-log.ts';
import { createShow, type Web } from '../web/respond.ts';
import { confirmRoutes } from '../web/routes/confirm.ts';
import { digestRoutes } from '../web/routes/digests.ts';
import { feedRoutes } from '../web/routes/feeds.ts';
import { healthRoutes } from '../web/routes/health.ts';
import { helpRoutes } from '../web/routes/help.ts';
import { homeRoutes } from '../web/routes/home.ts';
import { newsletterRoutes } from '../web/routes/newsletters.ts';
import { outboxRoutes } from '../web/routes/outbox.ts';
import { paperRoutes } from '../web/routes/papers.ts';
import { preferencesRoutes } from '../web/routes/preferences.ts';
import { previewRoutes } from '../web/routes/preview.ts';
import { reactRoutes } from '../web/routes/react.ts';
import { undoRoutes } from '../web/routes/undo.ts';
import { unsubscribeRoutes } from '../web/routes/unsubscribe.ts';
import { securityHeaders } from './security.ts';

/** Builds everything that is served over HTTP: pages, what machines ask, the outbox, the admin's rooms. */
export function createHttpApp(ctx: Context): Express {
  const app = express();
  app.set('trust proxy', ctx.config.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  const web: Web = { ctx, ...createShow(ctx, openPages()), recentPapers: openRecentPapers(ctx) };
  app.use(requestLog(ctx));
  app.use(securityHeaders(ctx.config));
  app.use(['/assets', '/favicon.ico'], (_req, res, next) => {
    res.set('Cross-Origin-Resource-Policy', 'cross-origin'); // a sandboxed newsletter is of another origin and wants the icon
    next();
  });
  app.use('/assets', express.static(ASSETS, { immutable: true, maxAge: '365d', index: false, redirect: false }));
  app.get('/favicon.ico', (_req, res) => res.redirect(301, '/assets/icon.svg'));
  app.use(healthRoutes(web));
  app.use('/admin', createAdminApp(ctx));
  for (const routes of [
    homeRoutes,
    previewRoutes,
    confirmRoutes,
    undoRoutes,
    preferencesRoutes,
    unsubscribeRoutes,
    reactRoutes,
    newsletterRoutes,
    digestRoutes,
    paperRoutes,
    feedRoutes,
    helpRoutes,
    outboxRoutes,
  ]) {
    app.use(routes(web));
  }
  app.use(notFound(web));
  app.use(onError(web));
  return app;
}
