import { Router } from 'express';
import { showDeadLink } from '../dead-link.ts';
import { loadNewsletterInput } from '../../db/newsletters/inputs.ts';
import { claimOf } from '../../subscribers/reader-of.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';
import { sendMailHtml } from '../../http/security.ts';

/** Serves a newsletter in the browser, without its personal links: people forward it. */
export function newsletterRoutes(web: Web): Router {
  const { ctx } = web;
  const router = Router();
  const path = '/newsletters/:token';
  router.use(path, privatePages('no-referrer'), samplePage(web));
  router.get(path, async (req, res) => {
    const claim = await claimOf(ctx, ctx.db, 'newsletter', tokenOf(req));
    const input = claim && (await loadNewsletterInput(ctx.db, claim.subject));
    if (!input) return showDeadLink(web, req, res, visitOf(req).words('newsletter.unknown'));
    sendMailHtml(res, (await ctx.composer()).page(input, { personal: false }).html, { framed: false });
  });
  return router;
}
