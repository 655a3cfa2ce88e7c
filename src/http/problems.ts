import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { isOutage } from '../lib/outage.ts';
import { AppError, type AppErrorCode } from '../lib/errors.ts';
import { errorText } from '../lib/error-text.ts';
import { takeRefusal } from '../subscribers/budgets.ts';
import type { LoggedRoute } from './places.ts';
import { sendProblem } from './problem-json.ts';
import type { ShowPage } from './templates.ts';
import { visitOf } from './visit.ts';

/** What showing a problem takes. */
interface Shows {
  show: ShowPage;
}

const STATUS: Record<AppErrorCode, number> = { 'bad-input': 422, 'not-found': 404, conflict: 409, unavailable: 503 };

/** Statuses that have a page of their own; any other is worded as the first of its class. */
const WORDED = new Set([400, 404, 413, 422, 429, 500, 503]);

/** How long a busy or restarting database is given. */
const RETRY_SECONDS = 5;

/** Answers what no route answers. */
export function notFound(shows: Shows): RequestHandler {
  return (req, res) => showProblem(shows, req, res, 404);
}

/** Shows a problem in the design, or as JSON to a program. */
export function showProblem({ show }: Shows, req: Request, res: Response, status: number, detail = ''): void {
  const { words: t, wantsJson } = visitOf(req);
  const worded = WORDED.has(status) ? status : status < 500 ? 400 : 500;
  const [heading, text] = [t(`problem.${worded}.title`), t(`problem.${worded}.text`)];
  res.set('Cache-Control', 'no-store');
  if (wantsJson) return sendProblem(res, status, heading, { detail: detail || text });
  show(req, res, {
    template: 'problem',
    title: heading,
    status,
    view: { status: String(status), heading, text, detail },
  });
}

/** Shows that a visitor asked too often, and when there is room again. */
export function showResting(
  shows: Shows,
  req: Request,
  res: Response,
  { retryAfterSeconds }: { retryAfterSeconds: number },
): void {
  res.set('Retry-After', String(retryAfterSeconds));
  showProblem(shows, req, res, 429);
}

/** Turns anything thrown into an answer: expected failures as what they are, the rest as 500, logged once. */
export function onError(web: Shows & { ctx: Context }, routeOf: (path: string) => LoggedRoute): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = statusOf(error);
    // Where the database is away nothing can be counted, and the problem itself is shown.
    if (status === 422 && (await refusedTooOften(web, req, res).catch(() => false))) return;
    if (status === 503) res.set('Retry-After', String(RETRY_SECONDS));
    if (status >= 500)
      web.ctx.log.error({ err: error, method: req.method, route: routeOf(req.path).path }, 'request failed');
    showProblem(web, req, res, status, error instanceof AppError && status < 500 ? detailOf(error, req) : '');
  };
}

/** Programs are told as commands are, people in their language. */
function detailOf(error: AppError, req: Request): string {
  const { wantsJson, words } = visitOf(req);
  return wantsJson ? error.message : errorText(error, words);
}

/**
 * Counts what a visitor sent and nobody can use; answers 429 and returns true where their network sent more of it than
 * people do.
 */
export async function refusedTooOften(web: Shows & { ctx: Context }, req: Request, res: Response): Promise<boolean> {
  const answer = await takeRefusal(web.ctx, visitOf(req).visitor.ip);
  if (answer.outcome === 'room') return false;
  showResting(web, req, res, answer);
  return true;
}

/**
 * Express and its parsers put a status on what they throw; it is believed below 500 only. A database that is away or
 * full is no fault of the page.
 */
function statusOf(error: unknown): number {
  if (error instanceof AppError) return STATUS[error.code];
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  return isOutage(error) ? 503 : 500;
}
