import { Router, type Request, type Response } from 'express';
import type { Context } from '../context.ts';
import { readMeasures } from '../db/operator/measures.ts';
import { failingJobs } from '../db/operator/runs.ts';
import { listSetAside } from '../db/subscribers/set-aside.ts';
import { feelPulse } from '../lib/pulse.ts';
import { METERS_TYPE } from '../measures/meters.ts';
import { measureSources } from '../operate/measure-sources.ts';
import { checkReadiness } from '../operate/readiness.ts';
import { readinessView, type Standing } from '../operate/readiness-json.ts';
import { reportSources } from '../operate/report-sources.ts';
import { askForToken, numbersAreOpenTo } from './loopback.ts';
import type { Place } from './places.ts';

/** Where machines ask. */
export const healthPlaces: readonly Place[] = ['healthz', 'readyz', 'metrics'].map((name) => ({ name, busy: true }));

/** An event loop that is later than this serves nobody in time. */
const LATE_MS = 1_000;

/** Serves what machines ask: alive, ready, numbers. */
export function healthRoutes({ ctx }: { ctx: Context }): Router {
  const router = Router();
  const pulse = feelPulse();
  router.get('/healthz', (_req, res) => {
    const late = pulse.lateMs();
    const words = late <= LATE_MS ? 'ok' : `the event loop was late by ${(late / 1_000).toFixed(1)} s`;
    said(res, late <= LATE_MS ? 200 : 503, words);
  });
  router.get('/readyz', (req, res) => tellReadiness(ctx, req, res));
  router.get('/metrics', (req, res) => tellNumbers(ctx, req, res));
  return router;
}

async function tellReadiness(ctx: Context, req: Request, res: Response): Promise<void> {
  const checks = await checkReadiness(ctx);
  const wrong = checks.filter(({ ok }) => !ok);
  const status = wrong.length === 0 ? 200 : 503;
  if (!('verbose' in req.query) || numbersAreOpenTo(ctx.config, req) !== 'open') {
    // What is wrong may name folders; strangers hear which check it is.
    const words = wrong.map(({ name, says }) => (name === 'disk' || name === 'keys' ? `${name}: not well` : says));
    return said(res, status, words.join('\n') || 'ready');
  }
  const answers = checks.some(({ name, ok }) => name === 'database' && ok);
  const standing = answers ? await standingOf(ctx) : { jobs: [], aside: [], sources: [] };
  res.set('Cache-Control', 'no-store').status(status).json(readinessView(checks, standing));
}

/** None of it makes a process unready: pages, and links in mails, work all the same. */
async function standingOf(ctx: Context): Promise<Standing> {
  return {
    jobs: await failingJobs(ctx.db, ctx.now()),
    aside: await listSetAside(ctx.db),
    sources: await reportSources(ctx),
  };
}

async function tellNumbers(ctx: Context, req: Request, res: Response): Promise<void> {
  const opening = numbersAreOpenTo(ctx.config, req);
  if (opening === 'token-wanted') return askForToken(res);
  if (opening === 'closed') return said(res, 403, 'Numbers are for who bears METRICS_TOKEN, which is not set.');
  const measures = [
    ...(await readMeasures(ctx.db, ctx.now(), ctx.config.SMTP_URL)),
    ...measureSources(await reportSources(ctx)),
  ];
  res.set({ 'Cache-Control': 'no-store', 'Content-Type': METERS_TYPE }).send(await ctx.meters.text(measures));
}

function said(res: Response, status: number, words: string): void {
  res.set('Cache-Control', 'no-store').status(status).type('text').send(`${words}\n`);
}
