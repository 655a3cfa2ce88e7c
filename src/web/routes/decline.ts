import { Router, type Request, type Response } from 'express';
import { fieldsOf, first, readBody } from '../../http/bodies.ts';
import { showNotice, type NoticeForm } from '../../http/notice.ts';
import { pageUrl, tokenOf } from '../../http/parameters.ts';
import { privatePages } from '../../http/security.ts';
import { visitOf } from '../../http/visit.ts';
import { declineConfirmation, undoDecline } from '../../subscribers/decline.ts';
import { lookUpConfirmation } from '../../subscribers/look-up-confirmation.ts';
import { showAnswered, undoDeclineForm } from '../answered-question.ts';
import { showDeadLink } from '../dead-link.ts';
import { readerLanguage } from '../reader-language.ts';
import { confirmPath } from '../reader-links.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';

/** Serves «not me, never again», and its way back for who pressed it by mistake. */
export function declineRoutes(web: Web): Router {
  const router = Router();
  const path = '/decline/:token';
  router.use(path, privatePages('no-referrer'), samplePage(web), readerLanguage(web.ctx, 'decline'));
  router.get(path, (req, res) => show(web, req, res));
  router.post(path, readBody, (req, res) => act(web, req, res));
  return router;
}

async function show(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const found = await lookUpConfirmation(web.ctx, tokenOf(req), 'decline');
  if (found.state === 'declined' || found.state === 'unknown') return showAnswered(web, req, res, found);
  if (found.state !== 'open' && found.state !== 'expired') return showNothing(web, req, res);
  const form: NoticeForm = { action: pageUrl(req), buttons: [{ label: t('decline.submit'), look: 'big' }] };
  showNotice(web, req, res, {
    heading: t('decline.heading'),
    lines:
      found.kind === 'new-address'
        ? [t('decline.move.lead'), t('decline.move.ignore')]
        : [t('decline.lead'), t('decline.ignore')],
    forms: [form],
  });
}

async function act(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  if (first(await fieldsOf(req), 'action') === 'undo') return takeBack(web, req, res);
  const result = await declineConfirmation(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  if (result.outcome === 'already') return show(web, req, res);
  showNotice(web, req, res, {
    heading: t('decline.done.heading'),
    lines: [t(result.moves ? 'decline.move.done' : 'decline.done.lead'), t('decline.done.mistake')],
    forms: [undoDeclineForm(web, req)],
  });
}

async function takeBack(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await undoDecline(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  if (result.outcome === 'already') return showNothing(web, req, res);
  const heading = t('decline.undone.heading');
  if (result.outcome !== 'reopened')
    return showNotice(web, req, res, { heading, lines: [t(`decline.undone.${result.outcome}`)] });
  const href = confirmPath(web.ctx, result.requestPublicId, result.subscriber.generation);
  const links = [{ href, label: t('decline.undone.link') }];
  showNotice(web, req, res, {
    heading,
    lines: [t(result.moves ? 'decline.move.undone' : 'decline.undone.lead')],
    links,
  });
}

function showNothing(web: Web, req: Request, res: Response): void {
  const t = visitOf(req).words;
  showNotice(web, req, res, { heading: t('decline.already.heading'), lines: [t('decline.already.lead')] });
}
