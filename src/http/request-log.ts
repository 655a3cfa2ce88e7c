import type { RequestHandler } from 'express';
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
      ctx.log[busy && res.statusCode < 500 ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}
