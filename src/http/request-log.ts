import type { Request, RequestHandler } from 'express';
import type { Context } from '../context.ts';
import type { LoggedRoute } from './places.ts';

/**
 * Writes one line per request: method, which page (no token, however it is spelt), status, time. Neither address nor
 * query nor who asked.
 */
export function requestLog(ctx: Context, routeOf: (path: string) => LoggedRoute): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    const { path, busy } = routeOf(req.path); // routers cut it while they work
    res.on('finish', () => {
      const line = { method: req.method, path, status: res.statusCode, ms: Math.round(performance.now() - started) };
      const seconds = (performance.now() - started) / 1_000;
      ctx.meters.answered({ method: req.method, route: patternOf(req, path), status: res.statusCode, seconds });
      ctx.log[busy && res.statusCode < 500 ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}

/**
 * Returns the pattern of the route that answered, such as `/papers/:id`; where none did, the place, or `/`. Neither has
 * more values than there are routes.
 */
function patternOf(req: Request, told: string): string {
  const { path } = (req.route as { path?: string | RegExp } | undefined) ?? {};
  // Express takes `baseUrl` away again before it answers by itself, where our own page of a fault breaks.
  const base = (req.baseUrl as string | undefined) ?? '';
  if (path !== undefined) return `${base.toLowerCase()}${path.toString()}`;
  return /^\/[a-z.]*/i.exec(told)?.[0] ?? '/';
}
