import { Router } from 'express';
import { fieldsOfQuery } from '../../http/bodies.ts';
import { openKeptTexts } from '../../http/kept-texts.ts';
import { sendMailHtml } from '../../http/security.ts';
import { visitOf } from '../../http/visit.ts';
import { takePreview } from '../../subscribers/budgets.ts';
import { estimateOf, restingEstimate } from '../live-estimate.ts';
import { showNothing } from '../nothing.ts';
import { askedOf, NOTHING, nothingText, writePreview } from '../live-preview.ts';
import { frameKey, sendPage, type Web } from '../respond.ts';

/**
 * Serves the live preview of the sign-up form: an estimate of how much would come, and the newsletter it would have
 * been.
 */
export function previewRoutes(web: Web): Router {
  const router = Router();
  const texts = openKeptTexts();
  router.use('/preview', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });
  router.use('/preview', async (req, res, next) => {
    const { visitor, words: t } = visitOf(req);
    const budget = await takePreview(web.ctx, visitor.ip);
    if (budget.outcome === 'room') return next();
    res.set('Retry-After', String(budget.retryAfterSeconds));
    if (req.path !== '/') return showNothing(web, req, res, t('preview.resting'), 429);
    const view = { estimate: restingEstimate(t) };
    web.show(req, res, { template: 'fragment-estimate', title: '', status: 429, view });
  });
  router.get('/preview', async (req, res) => {
    const { language, words } = visitOf(req);
    const asked = await askedOf(web, req, fieldsOfQuery(req));
    const text = await texts.get(['estimate', frameKey(req), asked.key], async () => {
      const view = { estimate: await estimateOf(words, web.ctx.config, asked) };
      return web.pageText(req, { template: 'fragment-estimate', title: '', view });
    });
    sendPage(res, text, language);
  });
  router.get('/preview/newsletter', async (req, res) => {
    const asked = await askedOf(web, req, fieldsOfQuery(req));
    const html = await texts.get(['newsletter', asked.key], () => writePreview(web, asked));
    if (html !== NOTHING) return sendMailHtml(res, html, { framed: true });
    showNothing(web, req, res, nothingText(visitOf(req).words, asked));
  });
  return router;
}
