import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import { routeOf } from './problems.ts';

/** Writes one line per request: method, which page (no token, however it is spelt), status, time. Neither address nor query nor who asked. */
export function requestLog(ctx: Context): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    const { path } = req; // routers cut it while they work
    res.on('finish', () => {
      const quiet = res.statusCode < 500 && /^\/(assets|healthz|readyz|metrics|preview)/.test(path);
      const line = {
        method: req.method,
        path: routeOf(path),
        status: res.statusCode,
        ms: Math.round(performance.now() - started),
      };
      ctx.log[quiet ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}
