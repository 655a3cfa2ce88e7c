import { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Context } from '../context.ts';
import type { Place } from '../http/places.ts';
import { messageOf } from '../lib/errors.ts';
import { docsRoutes } from './docs.ts';
import { describeApi } from './openapi.ts';
import { answerOf, ApiProblem, problemOf } from './problem.ts';
import { serveRoutes } from './router.ts';
import { ROUTES } from './routes.ts';

/** Where the API lies; what stands behind a resource may name somebody. */
export const apiPlaces: readonly Place[] = [
  { name: 'api', hidden: true, busy: true, open: [/^\/api\/(?:docs|openapi\.json|v1\/[a-z]{1,20})$/] },
];

/** Builds the API, its document and its documentation, to be mounted at /api. */
export function createApi(ctx: Context): Router {
  const router = Router();
  const document = describeApi(ROUTES, ctx.config.PUBLIC_URL);
  router.get('/', (_req, res) => res.redirect(302, '/api/docs'));
  router.get('/openapi.json', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json(document);
  });
  router.use(docsRoutes(ctx, ROUTES));
  router.use('/v1', neverStored, serveRoutes(ctx, ROUTES), nothingHere);
  router.use('/v1', onProblem(ctx));
  return router;
}

/** A proxy that compresses an answer gives its ETag another name, and If-Match would never fit (RFC 9111 5.2.2.6). */
const neverStored: RequestHandler = (_req, res, next) => {
  res.set({ 'Cache-Control': 'no-store, no-transform', 'X-Robots-Tag': 'noindex' });
  next();
};

const nothingHere: RequestHandler = () => {
  throw new ApiProblem(404, 'There is nothing at this address; /api/docs lists what there is');
};

function onProblem(ctx: Context): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = problemOf(error);
    if (problem.status >= 500)
      ctx.log.error(
        { err: error, problem: messageOf(error), method: req.method, route: routeIn(req.path) },
        'API request failed',
      );
    const { status, headers, body } = answerOf(problem);
    res.status(status).set(headers).end(body);
  };
}

/** Names which resource was asked for, and nobody in it. */
function routeIn(path: string): string {
  return /^\/[a-z]{1,20}/.exec(path)?.[0] ?? '/…';
}
