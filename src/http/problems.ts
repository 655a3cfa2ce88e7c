import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { isOutage } from '../lib/outage.ts';
import { AppError, type AppErrorCode } from '../lib/errors.ts';
import { takeRefusal } from '../subscribers/budgets.ts';
import { visitorOf, wantsJson, wordsOf, type Web } from '../web/respond.ts';

const STATUS: Record<AppErrorCode, number> = { 'bad-input': 422, 'not-found': 404, conflict: 409, unavailable: 503 };

/** Statuses that have a page of their own; any other is worded as the first of its class. */
const WORDED = new Set([400, 404, 413, 422, 429, 500, 503]);

/** How long a busy or restarting database is given. */
const RETRY_SECONDS = 5;

/** Answers what no route answers. */
export function notFound({ show }: Web): RequestHandler {
  return (req, res) => showProblem({ show }, req, res, 404);
}

/** Shows a problem in the design, or as JSON to a program. */
export function showProblem(
  { show }: Pick<Web, 'show'>,
  req: Parameters<RequestHandler>[0],
  res: Parameters<RequestHandler>[1],
  status: number,
  detail = '',
): void {
  const t = wordsOf(req);
  const worded = WORDED.has(status) ? status : status < 500 ? 400 : 500;
  res.set('Cache-Control', 'no-store');
  if (wantsJson(req)) {
    res.status(status).json({ error: t(`problem.${worded}.title`), detail: detail || t(`problem.${worded}.text`) });
    return;
  }
  const view = {
    status: String(status),
    heading: t(`problem.${worded}.title`),
    text: t(`problem.${worded}.text`),
    detail,
  };
  show(req, res, { template: 'problem', title: view.heading, status, view });
}

/** Shows that a visitor asked too often, and when there is room again. */
export function showResting(
  { show }: Pick<Web, 'show'>,
  req: Parameters<RequestHandler>[0],
  res: Parameters<RequestHandler>[1],
  { retryAfterSeconds }: { retryAfterSeconds: number },
): void {
  res.set('Retry-After', String(retryAfterSeconds));
  showProblem({ show }, req, res, 429);
}

/** Turns anything thrown into an answer: expected failures as what they are, the rest as 500, logged once. */
export function onError({ ctx, show }: Web): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = statusOf(error);
    if (status === 422 && (await refusedTooOften({ ctx, show }, req, res).catch(() => false))) return; // also while the database is away
    if (status === 503) res.set('Retry-After', String(RETRY_SECONDS));
    if (status >= 500) ctx.log.error({ err: error, method: req.method, route: routeOf(req.path) }, 'request failed');
    showProblem({ show }, req, res, status, error instanceof AppError && status < 500 ? error.message : '');
  };
}

/** Counts what a visitor sent and nobody can use; answers 429 and returns true where their network sent more of it than people do. */
export async function refusedTooOften(
  { ctx, show }: Pick<Web, 'ctx' | 'show'>,
  req: Request,
  res: Response,
): Promise<boolean> {
  const answer = await takeRefusal(ctx, visitorOf(req).ip);
  if (answer.outcome === 'room') return false;
  res.set('Retry-After', String(answer.retryAfterSeconds));
  showProblem({ show }, req, res, 429);
  return true;
}

/** Where our pages lie; what comes behind may be a token. */
const PLACES = new Set(
  (
    'admin assets confirm decline digests favicon.ico feed feeds healthz help metrics newsletters outbox papers ' +
    'preferences preview react readyz robots.txt subscribe undo unsubscribe'
  ).split(' '),
);

/** Paths without a secret in them, as they are. Anything else is cut. */
const OPEN_PATHS = [
  /^\/digests\/\d{4}-\d{2}-\d{2}$/,
  /^\/papers\/[\w-]{16}$/,
  /^\/feeds\/[a-z-]{1,40}\.(xml|json)$/,
  /^\/assets\/[a-z-]{1,30}\.[a-z]{2,4}$/,
  /^\/preview\/newsletter$/,
  /^\/admin\/[a-z-]{1,15}$/,
  /^\/admin\/digests\/\d{1,9}$/,
];

/** Says which page was asked for, for the log: the path where it is one of those that hold no secret, else where it lies, else nothing. */
export function routeOf(path: string): string {
  const place = /^\/([a-z.]*)(\/?)/i.exec(path);
  const name = place?.[1]?.toLowerCase() ?? '';
  if (path === '/' || OPEN_PATHS.some((open) => open.test(path))) return path;
  if (!PLACES.has(name)) return '/…';
  return path.length === name.length + 1 ? `/${name}` : place?.[2] === '/' ? `/${name}/…` : '/…';
}

/** Express and its parsers put a status on what they throw; it is believed below 500 only. A database that is away or full is no fault of the page. */
function statusOf(error: unknown): number {
  if (error instanceof AppError) return STATUS[error.code];
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  return isOutage(error) ? 503 : 500;
}
