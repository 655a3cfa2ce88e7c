import { Router, type Request, type Response } from 'express';
import { showDeadLink } from '../dead-link.ts';
import { takeLinkRequest } from '../../subscribers/budgets.ts';
import { askForLink } from '../../subscribers/ask-for-link.ts';
import { exportData } from '../../subscribers/export-data.ts';
import { fieldsOf, first, readBody, readLongBody } from '../../http/bodies.ts';
import { checkAddress } from '../check-sign-up.ts';
import { inEvenTime } from '../../http/even-time.ts';
import { formStamp } from '../../http/form-guard.ts';
import { showNotice } from '../../http/notice.ts';
import { actOnPreferences } from '../preferences-acts.ts';
import { showPreferencesFilledIn } from '../preferences-page.ts';
import { showReaderEstimate, showReaderPreview } from '../reader-preview.ts';
import { refusedTooOften, showResting } from '../../http/problems.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { gateLinkRequest } from '../sign-up-gate.ts';
import { samplePage } from '../sample.ts';

/** Serves a reader's settings behind their private link, and the page that mails that link. */
export function preferencesRoutes(web: Web): Router {
  const router = Router();
  const path = '/preferences/:token';
  router.get('/preferences', (req, res) => showAsk(web, req, res, '', ''));
  router.post('/preferences', readBody, (req, res) => ask(web, req, res));
  router.use(path, privatePages('no-referrer'), samplePage(web));
  router.get(path, (req, res) => showPreferencesFilledIn(web, req, res));
  router.get(`${path}/preview`, (req, res) => showReaderEstimate(web, req, res));
  router.get(`${path}/preview/newsletter`, (req, res) => showReaderPreview(web, req, res));
  router.post(path, readLongBody, (req, res) => actOnPreferences(web, req, res));
  router.get(`${path}/data.json`, async (req, res) => {
    const data = await exportData(web.ctx, tokenOf(req));
    if (!data) return showDeadLink(web, req, res, visitOf(req).words('preferences.unknown'));
    res
      .attachment('offprint-data.json')
      .type('json')
      .send(JSON.stringify(data, null, 2));
  });
  return router;
}

function showAsk(web: Web, req: Request, res: Response, email: string, problem: string): void {
  const page = { template: 'ask-for-link', title: visitOf(req).words('link.heading'), here: 'preferences' as const };
  res.set('Cache-Control', 'no-store');
  web.show(req, res, { ...page, status: problem ? 422 : 200, view: { email, problem, stamp: formStamp(web.ctx) } });
}

/** Longest of what was typed for an address that is shown again, in UTF-16 units: an address has at most 254. */
const LONGEST_SHOWN = 320;

/** The same answer whoever asks, and in the same time. */
async function ask(web: Web, req: Request, res: Response): Promise<void> {
  const { words: t, visitor, seesOutbox } = visitOf(req);
  const fields = await fieldsOf(req);
  const checked = checkAddress(t, first(fields, 'email'));
  if (!checked.ok && (await refusedTooOften(web, req, res))) return;
  if (!checked.ok) return showAsk(web, req, res, first(fields, 'email').slice(0, LONGEST_SHOWN), checked.problem);
  if ((await gateLinkRequest(web, req, res, { email: checked.email, fields })) === 'answered') return;
  const budget = await takeLinkRequest(web.ctx, visitor.ip);
  if (budget.outcome === 'over') return showResting(web, req, res, budget);
  await inEvenTime(async () => {
    await askForLink(web.ctx, checked.email);
  });
  const links = seesOutbox ? [{ href: '/outbox', label: t('accepted.outbox') }] : [];
  showNotice(web, req, res, {
    heading: t('link.done.heading'),
    lines: [t('link.done.lead'), t('link.done.spam')],
    links,
    status: 202,
  });
}
