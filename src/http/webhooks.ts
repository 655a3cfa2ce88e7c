import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import type { Context } from '../context.ts';
import { openWebhooks } from '../feedback/doors/webhooks/open-webhooks.ts';
import { MOST_WEBHOOK_BYTES, type Refusal, type Webhook } from '../feedback/doors/webhooks/webhook.ts';
import type { TakeIn } from '../feedback/received.ts';
import { isOutage } from '../lib/outage.ts';
import { takeRefusal } from '../subscribers/budgets.ts';
import type { Place } from './places.ts';
import { sendProblem } from './problem-json.ts';
import { visitOf } from './visit.ts';

/** Where providers tell what became of mails. */
export const webhookPlaces: readonly Place[] = [
  { name: 'webhooks', hidden: true, open: [/^\/webhooks\/(?:ses|sendgrid|mailgun|postmark|generic)$/] },
];

/** How long a provider is asked to wait for a database that is away. */
const RETRY_SECONDS = '30';

/**
 * Serves `POST /webhooks/PROVIDER` for those that are set: the body as it came is checked before anything of it counts,
 * and the answer comes once what it says is stored. All problems are told as RFC 9457 has it.
 */
export function webhookRoutes(ctx: Context, takeIn: TakeIn): Router {
  const opened = openWebhooks(ctx.config, ctx.fetchSource);
  const router = Router();
  const readRaw = express.raw({ type: () => true, limit: MOST_WEBHOOK_BYTES, inflate: false });
  const known: RequestHandler<{ provider: string }> = (req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    if (opened.has(req.params.provider)) return next();
    sendProblem(res, 404, 'Not Found', { detail: 'No such webhook is set up here; docs/feedback.md says how' });
  };
  router.all('/:provider', known);
  router.post('/:provider', readRaw, async (req, res) => {
    const webhook = opened.get(req.params.provider);
    if (webhook) await answer({ ctx, takeIn, webhook }, req, res);
  });
  router.all('/:provider', (_req, res) => {
    res.set('Allow', 'POST');
    sendProblem(res, 405, 'Method Not Allowed', { detail: 'expected POST' });
  });
  router.use(onProblem(ctx));
  return router;
}

async function answer(
  { ctx, takeIn, webhook }: { ctx: Context; takeIn: TakeIn; webhook: Webhook },
  req: Request<{ provider: string }>,
  res: Response,
): Promise<void> {
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const verdict = await webhook({ header: (name) => req.get(name), body: bytes }, ctx.now());
  if ('refused' in verdict) return refuse(ctx, req, res, verdict);
  const { told } = verdict;
  if (told.length === 0) return void res.json({ new: false, events: 0 });
  const { provider } = req.params;
  const { isNew } = await takeIn({ door: 'webhook', name: provider, bytes, recipients: [], told });
  res.json({ new: isNew, events: told.length });
}

const TITLES = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 422: 'Unprocessable Content' } as const;

/** Says by name what was wrong; who is refused more often than any provider errs is heard no more for a while. */
async function refuse(
  ctx: Context,
  req: Request<{ provider: string }>,
  res: Response,
  { refused: { status, why } }: Refusal,
): Promise<void> {
  const { provider } = req.params;
  ctx.log.warn({ provider, status, why }, 'webhook refused');
  const room = await takeRefusal(ctx, visitOf(req).visitor.ip).catch(() => null);
  if (room?.outcome === 'over') {
    res.set('Retry-After', String(room.retryAfterSeconds));
    return sendProblem(res, 429, 'Too Many Requests', { detail: `Refused too often; the last time because ${why}` });
  }
  if (status === 401 && provider === 'postmark') res.set('WWW-Authenticate', 'Basic realm="webhooks"');
  if (status === 502) return sendProblem(res, 502, 'Bad Gateway', { detail: `Refused: ${why}` });
  sendProblem(res, status, TITLES[status], { detail: `Refused: ${why}` });
}

function onProblem(ctx: Context): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = (error as { status?: unknown } | null)?.status;
    if (status === 413) return sendProblem(res, 413, 'Content Too Large', { detail: 'Refused: more than 1 MB' });
    if (status === 415)
      return sendProblem(res, 415, 'Unsupported Media Type', { detail: 'Refused: expected a body that is not packed' });
    if (typeof status === 'number' && status >= 400 && status < 500)
      return sendProblem(res, status, 'Bad Request', { detail: 'Refused: the request cannot be read' });
    ctx.log.error({ err: error }, 'webhook failed');
    res.set('Retry-After', RETRY_SECONDS);
    if (isOutage(error))
      return sendProblem(res, 503, 'Service Unavailable', { detail: 'The database does not answer' });
    sendProblem(res, 500, 'Internal Server Error', { detail: 'Something went wrong here; it is in the log' });
  };
}
