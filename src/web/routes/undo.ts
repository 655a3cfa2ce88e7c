import { Router, type Request, type Response } from 'express';
import { showDeadLink } from '../dead-link.ts';
import { displayAddress } from '../../model/address.ts';
import { lookUpMove, undoMove } from '../../subscribers/undo-move.ts';
import { readBody } from '../../http/bodies.ts';
import { showNotice } from '../../http/notice.ts';
import { readerLanguage } from '../reader-language.ts';
import { preferencesPath } from '../reader-links.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { pageUrl, tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';

/**
 * Serves the link by which an old address takes a move back. GET shows a button (scanners press nothing), POST acts.
 */
export function undoRoutes(web: Web): Router {
  const router = Router();
  const path = '/undo/:token';
  router.use(path, privatePages('no-referrer'), samplePage(web), readerLanguage(web.ctx, 'undo'));
  router.get(path, (req, res) => showQuestion(web, req, res));
  router.post(path, readBody, (req, res) => act(web, req, res));
  return router;
}

async function showQuestion(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const found = await lookUpMove(web.ctx, tokenOf(req));
  if (found.state === 'unknown') return showDeadLink(web, req, res, t('undo.unknown'));
  const address = displayAddress(found.oldEmail);
  if (found.state === 'already') return showAlready(web, req, res, address);
  if (found.state === 'ended') return showEnded(web, req, res);
  const lines = [t(found.moved ? 'undo.lead.moved' : 'undo.lead.open', { address }), t('undo.void')];
  const form = { action: pageUrl(req), buttons: [{ label: t('undo.submit'), look: 'big' as const }] };
  showNotice(web, req, res, { heading: t('undo.heading'), lines, forms: [form] });
}

async function act(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await undoMove(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('undo.unknown'));
  const address = displayAddress(result.oldEmail);
  if (result.outcome === 'already') return showAlready(web, req, res, address);
  if (result.outcome === 'ended') return showEnded(web, req, res);
  const left = result.subscriber.status === 'unsubscribed' ? [t('preferences.status.unsubscribed')] : [];
  const lines = [t(`undo.done.${result.outcome}`, { address }), ...left, t('undo.done.links')];
  const links = [{ href: preferencesPath(web.ctx, result.subscriber), label: t('confirm.done.preferences') }];
  showNotice(web, req, res, { heading: t('undo.done.heading'), lines, links });
}

function showAlready(web: Web, req: Request, res: Response, address: string): void {
  const t = visitOf(req).words;
  const links = [{ href: '/preferences', label: t('confirm.already.link') }];
  showNotice(web, req, res, { heading: t('confirm.already.heading'), lines: [t('undo.already', { address })], links });
}

/** Offers no undo that would not work, but what does. */
function showEnded(web: Web, req: Request, res: Response): void {
  showDeadLink(web, req, res, visitOf(req).words('undo.unknown'));
}
