import express, { type Express } from 'express';
import { adminPlaces, createAdminPages } from '../admin/app.ts';
import { apiPlaces, createApi } from '../api/app.ts';
import { networkName } from '../admin/visitor.ts';
import type { Context } from '../context.ts';
import { actingFrom } from '../db/operator/origin.ts';
import type { TakeIn } from '../feedback/received.ts';
import { createWebPages, webPlaces } from '../web/app.ts';
import { assetPlaces, assetRoutes } from './assets.ts';
import { robotsText, routeNamer, type Place } from './places.ts';
import { mendLinks } from './mend-links.ts';
import { notFound, onError } from './problems.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security.ts';
import { warnOfUntoldProxy } from './untold-proxy.ts';
import { makeVisits, visitOf } from './visit.ts';
import { webhookPlaces, webhookRoutes } from './webhooks.ts';

/** Every place that is served, for the log and for crawlers. */
const PLACES: readonly Place[] = [
  ...assetPlaces,
  { name: 'robots.txt' },
  ...webPlaces,
  ...adminPlaces,
  ...apiPlaces,
  ...webhookPlaces,
];

/** Says which page was asked for, for the log. */
export const routeOf = routeNamer(PLACES);

/**
 * Builds everything that is served over HTTP: the pages of readers and those of admins, what machines ask, the outbox,
 * and where something takes it in, what providers tell of mails.
 */
export function createHttpApp(ctx: Context, { takeIn }: { takeIn?: TakeIn } = {}): Express {
  const app = express();
  app.set('trust proxy', ctx.config.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.set('env', 'production'); // a fault is logged, and shows nobody where the code lies
  app.disable('x-powered-by');
  app.use(requestLog(ctx, routeOf), warnOfUntoldProxy(ctx), securityHeaders(ctx.config));
  app.use(makeVisits(ctx.config));
  app.use((req, _res, next) => actingFrom(networkName(visitOf(req).visitor.ip), next));
  app.use('/api', createApi(ctx)); // before links are mended: programs mean what they write
  if (takeIn) app.use('/webhooks', webhookRoutes(ctx, takeIn));
  app.use(mendLinks);
  app.use(assetRoutes());
  app.get('/robots.txt', (_req, res) => res.type('text').send(robotsText(PLACES)));
  app.use('/admin', createAdminPages(ctx));
  const { routes, show } = createWebPages(ctx);
  app.use(routes);
  app.use(notFound({ show }), onError({ ctx, show }, routeOf));
  return app;
}
