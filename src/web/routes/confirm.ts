import { Router, type Request, type Response } from 'express';
import { findWelcomedBy } from '../../subscribers/find-welcomed.ts';
import { confirm, renewConfirmation } from '../../subscribers/confirm.ts';
import { lookUpConfirmation } from '../../subscribers/look-up-confirmation.ts';
import { fieldsOf, first, readBody } from '../../http/bodies.ts';
import { sendMailHtml, privatePages } from '../../http/security.ts';
import { tokenOf } from '../../http/parameters.ts';
import { showNotice } from '../../http/notice.ts';
import { visitOf } from '../../http/visit.ts';
import type { Translate } from '../../lib/strings.ts';
import type { Subscriber } from '../../model/subscriber.ts';
import { showAnswered } from '../answered-question.ts';
import { showQuestion } from '../confirm-question.ts';
import { showDeadLink } from '../dead-link.ts';
import { firstNewsletter, hasFirstNewsletter } from '../first-newsletter.ts';
import { readerLanguage } from '../reader-language.ts';
import { preferencesPath } from '../reader-links.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';
import { instantText } from '../words.ts';

/** What is said where a press changed what was there before: heading and lines; `moved-away` of who has left. */
const CHANGED: Record<'moved' | 'moved-away' | 'taken-over', (t: Translate) => [string, ...string[]]> = {
  moved: (t) => [t('confirm.done.heading'), t('confirm.done.change'), t('confirm.done.leave')],
  'moved-away': (t) => [t('confirm.moved.heading'), t('confirm.moved.lead'), t('preferences.status.unsubscribed')],
  'taken-over': (t) => [t('confirm.takenOver.heading'), t('confirm.takenOver.lead'), t('confirm.done.leave')],
};

/** Serves the second step of double opt-in. GET shows what was asked for and a button, POST acts. */
export function confirmRoutes(web: Web): Router {
  const router = Router();
  const path = '/confirm/:token';
  router.use(path, privatePages('no-referrer'), samplePage(web), readerLanguage(web.ctx, 'confirm'));
  router.get(path, (req, res) => show(web, req, res));
  router.post(path, readBody, (req, res) => answerYes(web, req, res));
  router.get(`${path}/newsletter`, (req, res) => showFirst(web, req, res));
  return router;
}

async function show(web: Web, req: Request, res: Response, note = ''): Promise<void> {
  const found = await lookUpConfirmation(web.ctx, tokenOf(req));
  if (found.state === 'open') void web.recentPapers().catch(() => null); // ready by the time the button is pressed
  if (found.state === 'open') return showQuestion(web, req, res, found, note);
  return showAnswered(web, req, res, found);
}

async function answerYes(web: Web, req: Request, res: Response): Promise<void> {
  const { words: t, visitor } = visitOf(req);
  const fields = await fieldsOf(req);
  if (first(fields, 'action') === 'renew') return renew(web, req, res);
  const latest = first(fields, 'latest') !== 'no';
  const result = await confirm(web.ctx, tokenOf(req), visitor, { latest, shown: first(fields, 'shown') });
  if (result.outcome === 'newer') return show(web, req, res, t('confirm.takeOver.newer'));
  if (result.outcome === 'confirmed') return showIn(web, req, res, { ...result, latest });
  if (result.outcome !== 'moved' && result.outcome !== 'taken-over') return show(web, req, res);
  const [heading, ...lines] = CHANGED[result.subscriber.status === 'unsubscribed' ? 'moved-away' : result.outcome](t);
  showNotice(web, req, res, { heading, lines, links: linksFor(web, req, result.subscriber) });
}

/** «You are in»: what comes when, and the first newsletter where there is one. */
async function showIn(
  web: Web,
  req: Request,
  res: Response,
  { subscriber, nextDueAt, latest }: { subscriber: Subscriber; nextDueAt: Date; latest: boolean },
): Promise<void> {
  const t = visitOf(req).words;
  const at = instantText(t('site.language'), nextDueAt, subscriber.timeZone);
  const shows = latest && (await hasFirstNewsletter(web, subscriber));
  showNotice(web, req, res, {
    heading: t('confirm.done.heading'),
    lines: [
      shows ? t('confirm.done.latest') : t('confirm.done.lead'),
      t('confirm.done.next', { at }),
      t('confirm.done.leave'),
    ],
    links: linksFor(web, req, subscriber),
    ...(shows && {
      inner: {
        heading: t('confirm.first.heading'),
        title: t('confirm.first.frame'),
        src: `/confirm/${tokenOf(req)}/newsletter`,
        alone: t('confirm.first.alone'),
      },
    }),
  });
}

function linksFor({ ctx }: Web, req: Request, subscriber: Subscriber) {
  const { words: t, seesOutbox } = visitOf(req);
  return [
    ...(seesOutbox ? [{ href: '/outbox', label: t('accepted.outbox') }] : []),
    { href: preferencesPath(ctx, subscriber), label: t('confirm.done.preferences') },
    { href: '/digests', label: t('accepted.digests') },
  ];
}

/** The first newsletter in its frame, for an hour after it was asked for: the mail holds it longer. */
async function showFirst(web: Web, req: Request, res: Response): Promise<void> {
  const reader = await findWelcomedBy(web.ctx, tokenOf(req));
  if (!reader) return showDeadLink(web, req, res, visitOf(req).words('newsletter.unknown'));
  const html = await firstNewsletter(web, reader);
  if (html !== null) return sendMailHtml(res, html, { framed: true });
  const text = visitOf(req).words('confirm.first.none');
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'self'");
  web.show(req, res, { template: 'fragment-nothing', title: text, view: { text } });
}

async function renew(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await renewConfirmation(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return show(web, req, res);
  showNotice(web, req, res, { heading: t('confirm.renewed.heading'), lines: [t('confirm.renewed.lead')] });
}
