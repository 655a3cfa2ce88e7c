import { Router, type Request, type Response } from 'express';
import { showDeadLink } from '../dead-link.ts';
import { confirm, declineConfirmation, lookUpConfirmation, renewConfirmation } from '../../subscribers/confirm.ts';
import { fieldsOf, first, readBody } from '../../http/bodies.ts';
import { showNotice, type NoticeButton, type NoticeForm } from '../../http/notice.ts';
import { preferencesPath } from '../reader-links.ts';
import { readerLanguage } from '../reader-language.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { pageUrl, tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';
import { instantText } from '../words.ts';

/** Serves the second step of double opt-in, and its refusal. GET shows a button (scanners press nothing), POST acts. */
export function confirmRoutes(web: Web): Router {
  const router = Router();
  router.use(['/confirm/:token', '/decline/:token'], privatePages('no-referrer'));
  router.use('/confirm/:token', samplePage(web), readerLanguage(web.ctx, 'confirm'));
  router.use('/decline/:token', samplePage(web), readerLanguage(web.ctx, 'decline'));
  router.get('/confirm/:token', (req, res) => showQuestion(web, req, res));
  router.post('/confirm/:token', readBody, (req, res) => answerYes(web, req, res));
  router.get('/decline/:token', (req, res) => showRefusal(web, req, res));
  router.post('/decline/:token', readBody, (req, res) => answerNo(web, req, res));
  return router;
}

async function showQuestion(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const found = await lookUpConfirmation(web.ctx, tokenOf(req));
  if (found.state === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  if (found.state === 'already') return showAlready(web, req, res);
  if (found.state === 'expired') return showExpired(web, req, res);
  const change = found.kind === 'new-address';
  const buttons: NoticeButton[] = change
    ? [{ label: t('confirm.change.submit'), look: 'big' }]
    : [
        { label: t('confirm.submit'), look: 'big' },
        { label: t('confirm.submitWithoutLatest'), look: 'quiet', name: 'latest', value: 'no' },
      ];
  const lines = [t(change ? 'confirm.change.lead' : 'confirm.lead'), t('confirm.ignore')];
  const heading = t(change ? 'confirm.change.heading' : 'confirm.heading');
  showNotice(web, req, res, { heading, lines, forms: [{ action: pageUrl(req), buttons }] });
}

async function answerYes(web: Web, req: Request, res: Response): Promise<void> {
  const { words: t, visitor, seesOutbox } = visitOf(req);
  const fields = await fieldsOf(req);
  if (first(fields, 'action') === 'renew') return renew(web, req, res);
  const latest = first(fields, 'latest') !== 'no';
  const result = await confirm(web.ctx, tokenOf(req), visitor, { latest });
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  if (result.outcome === 'already') return showAlready(web, req, res);
  if (result.outcome === 'expired') return showExpired(web, req, res);
  const { subscriber } = result;
  const lines = [t('confirm.done.leave')];
  if (result.outcome === 'moved') lines.unshift(t('confirm.done.change'));
  else {
    const at = instantText(t('site.language'), result.nextDueAt, subscriber.timeZone);
    lines.unshift(latest ? t('confirm.done.latest') : t('confirm.done.lead'), t('confirm.done.next', { at }));
  }
  const links = [
    ...(seesOutbox ? [{ href: '/outbox', label: t('accepted.outbox') }] : []),
    { href: preferencesPath(web.ctx, subscriber), label: t('confirm.done.preferences') },
    { href: '/digests', label: t('accepted.digests') },
  ];
  showNotice(web, req, res, { heading: t('confirm.done.heading'), lines, links });
}

async function renew(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await renewConfirmation(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  showNotice(web, req, res, { heading: t('confirm.renewed.heading'), lines: [t('confirm.renewed.lead')] });
}

function showAlready(web: Web, req: Request, res: Response): void {
  const t = visitOf(req).words;
  const links = [{ href: '/preferences', label: t('confirm.already.link') }];
  showNotice(web, req, res, { heading: t('confirm.already.heading'), lines: [t('confirm.already.lead')], links });
}

function showExpired(web: Web, req: Request, res: Response): void {
  const t = visitOf(req).words;
  const buttons: NoticeButton[] = [{ label: t('confirm.expired.submit'), look: 'big' }];
  const form: NoticeForm = { action: pageUrl(req), hidden: { action: 'renew' }, buttons };
  showNotice(web, req, res, {
    heading: t('confirm.expired.heading'),
    lines: [t('confirm.expired.lead')],
    forms: [form],
  });
}

async function showRefusal(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const found = await lookUpConfirmation(web.ctx, tokenOf(req), 'decline');
  if (found.state === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  const form: NoticeForm = { action: pageUrl(req), buttons: [{ label: t('decline.submit'), look: 'big' }] };
  showNotice(web, req, res, {
    heading: t('decline.heading'),
    lines: [t('decline.lead'), t('decline.ignore')],
    forms: [form],
  });
}

async function answerNo(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await declineConfirmation(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  const key = result.outcome === 'declined' ? 'done' : 'already';
  showNotice(web, req, res, { heading: t(`decline.${key}.heading`), lines: [t(`decline.${key}.lead`)] });
}
