import express, { type Express } from 'express';
import type { Context } from '../context.ts';
import { healthPlaces, healthRoutes } from './health.ts';
import { routeNamer } from './places.ts';
import { requestLog } from './request-log.ts';

/** Builds what a process without pages serves, for machines that watch it. */
export function createMonitorApp(ctx: Context): Express {
  const app = express();
  app.set('query parser', 'simple');
  app.set('env', 'production'); // a fault shows nobody where the code lies
  app.disable('x-powered-by');
  app.use(requestLog(ctx, routeNamer(healthPlaces)), healthRoutes({ ctx }));
  return app;
}
