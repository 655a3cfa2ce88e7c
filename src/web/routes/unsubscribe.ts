import { Router, type Request, type RequestHandler, type Response } from 'express';
import {
  lookUpUnsubscribe,
  noteUnsubscribeReason,
  undoUnsubscribe,
  unsubscribe,
} from '../../subscribers/unsubscribe.ts';
import { showDeadLink } from '../dead-link.ts';
import { fieldsOf, first, readBody } from '../../http/bodies.ts';
import { showNotice, type NoticeForm } from '../../http/notice.ts';
import { asksOneClick } from '../one-click.ts';
import { preferencesPath } from '../reader-links.ts';
import { displayAddress } from '../../model/address.ts';
import { askBack, wayBackOf } from '../../subscribers/way-back.ts';
import type { Translate } from '../../lib/strings.ts';
import type { Subscriber } from '../../model/subscriber.ts';
import { wayBackForms } from '../way-back-forms.ts';
import { presser } from '../presser.ts';
import { showProblem } from '../../http/problems.ts';
import { readerLanguage } from '../reader-language.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';
import { instantText } from '../words.ts';

const UNKNOWN = 'This link is not one of ours, or newer consent has replaced it.\n';

/** Why people say they leave; optional. */
const REASONS = ['too-many', 'not-relevant', 'never-asked', 'other'] as const;

/**
 * Serves leaving: GET shows one button, POST acts at once. A mailbox's one-click POST (RFC 8058) needs no cookie, is
 * never redirected, and is answered 200 however often it comes.
 */
export function unsubscribeRoutes(web: Web): Router {
  const router = Router();
  const path = '/unsubscribe/:token';
  router.use(path, privatePages('no-referrer'), samplePage(web), readerLanguage(web.ctx, 'unsubscribe'));
  router.get(path, (req, res) => showButton(web, req, res));
  router.post(path, knownToken(web), readBody, (req, res) => act(web, req, res));
  return router;
}

/**
 * Refuses a token that is nobody's before the body behind it is read: to a browser as a page, to a mailbox in one plain
 * line.
 */
function knownToken(web: Web): RequestHandler {
  return async (req, res, next) => {
    if (await lookUpUnsubscribe(web.ctx, tokenOf(req))) return next();
    if (req.get('accept')?.includes('text/html'))
      showDeadLink(web, req, res, visitOf(req).words('unsubscribe.unknown'));
    else res.status(404).type('text').send(UNKNOWN);
  };
}

async function act(web: Web, req: Request, res: Response): Promise<void> {
  if (await asksOneClick(req)) return oneClick(web, req, res);
  const fields = await fieldsOf(req);
  const action = first(fields, 'action');
  if (action === 'unsubscribe') return leave(web, req, res);
  if (action === 'undo') return comeBack(web, req, res);
  if (action === 'ask') return askToComeBack(web, req, res);
  if (action === 'reason') return keepReason(web, req, res, first(fields, 'reason'));
  await showButton(web, req, res, 422);
}

/** Answers a machine: a status, and one plain line. */
async function oneClick({ ctx }: Web, req: Request, res: Response): Promise<void> {
  const result = await unsubscribe(ctx, tokenOf(req), { actor: 'one-click' });
  res.type('text');
  if (result.outcome === 'unknown') res.status(404).send(UNKNOWN);
  else if (result.outcome === 'already') res.send(`Already unsubscribed since ${result.since.toISOString()}.\n`);
  else res.send('Unsubscribed.\n');
}

async function showButton(web: Web, req: Request, res: Response, status = 200): Promise<void> {
  const t = visitOf(req).words;
  const reader = await lookUpUnsubscribe(web.ctx, tokenOf(req));
  if (!reader) return showDeadLink(web, req, res, t('unsubscribe.unknown'));
  if (reader.status === 'unsubscribed') return showGone(web, req, res, { reader });
  showNotice(web, req, res, {
    heading: t('unsubscribe.heading'),
    kicker: displayAddress(reader.email),
    lines: [t('unsubscribe.lead'), t('unsubscribe.alternatives')],
    forms: [
      {
        action: req.path,
        hidden: { action: 'unsubscribe' },
        buttons: [{ label: t('unsubscribe.submit'), look: 'big' }],
      },
    ],
    links: [{ href: preferencesPath(web.ctx, reader), label: t('unsubscribe.preferences') }],
    status,
  });
}

async function leave(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await unsubscribe(web.ctx, tokenOf(req), await presser(web, req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('unsubscribe.unknown'));
  if (result.outcome === 'already') return showGone(web, req, res, { reader: result.subscriber });
  return showGone(web, req, res, { reader: result.subscriber, cancelled: result.cancelled });
}

/** Says that a reader is out, since when or what was cancelled, and how they come back. */
async function showGone(
  web: Web,
  req: Request,
  res: Response,
  { reader, cancelled = null, lead = null }: { reader: Subscriber; cancelled?: number | null; lead?: string | null },
): Promise<void> {
  const t = visitOf(req).words;
  const left = cancelled !== null;
  const since = left ? null : reader.unsubscribedAt;
  const year = { year: 'numeric' } as const; // links never expire: it may be years ago
  const back = wayBackForms(web.ctx, t, reader, await wayBackOf(web.ctx, web.ctx.db, reader));
  const lines = [
    ...(left ? [t('unsubscribe.done'), t('unsubscribe.cancelled', { n: cancelled })] : []),
    ...(lead === null ? [] : [lead]),
    ...(since ? [t('unsubscribe.since', { date: instantText(t('site.language'), since, reader.timeZone, year) })] : []),
    ...back.lines,
  ];
  const links = [{ href: '/', label: t('unsubscribe.home') }];
  const forms = left ? [...back.forms, reasonForm(req, t)] : back.forms;
  const heading = lead ? 'unsubscribe.ended.heading' : left ? 'unsubscribe.doneHeading' : 'unsubscribe.alreadyHeading';
  showNotice(web, req, res, { heading: t(heading), lines, forms, links });
}

function reasonForm(req: Request, t: Translate): NoticeForm {
  return {
    action: req.path,
    hidden: { action: 'reason' },
    choices: [
      {
        name: 'reason',
        legend: t('unsubscribe.reason.legend'),
        options: REASONS.map((value) => ({ value, label: t(`unsubscribe.reason.${value}`) })),
      },
    ],
    buttons: [{ label: t('unsubscribe.reason.submit'), look: 'quiet' }],
  };
}

async function comeBack(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await undoUnsubscribe(web.ctx, tokenOf(req), await presser(web, req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('unsubscribe.unknown'));
  if (result.outcome === 'ended')
    return showGone(web, req, res, { reader: result.subscriber, lead: t('unsubscribe.ended.lead') });
  const key = result.outcome === 'restored' ? 'undone' : 'notUndone';
  const links = [{ href: preferencesPath(web.ctx, result.subscriber), label: t('confirm.done.preferences') }];
  showNotice(web, req, res, { heading: t(`unsubscribe.${key}Heading`), lines: [t(`unsubscribe.${key}`)], links });
}

/** Sends a confirmation to whoever left long ago; in their own mail one press brings everything back. */
async function askToComeBack(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const result = await askBack(web.ctx, tokenOf(req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('unsubscribe.unknown'));
  if (result.outcome === 'closed') return showGone(web, req, res, { reader: result.subscriber });
  const address = displayAddress(result.subscriber.email);
  if (result.outcome === 'already')
    return showNotice(web, req, res, {
      heading: t('unsubscribe.notUndoneHeading'),
      lines: [t('unsubscribe.notUndone')],
    });
  const key = result.outcome === 'asked' ? 'lead' : 'resting';
  const lines = [t(`unsubscribe.asked.${key}`, { address })];
  showNotice(web, req, res, { heading: t('unsubscribe.asked.heading'), lines });
}

/** Keeps why somebody left, if they choose one of the reasons on offer. */
async function keepReason(web: Web, req: Request, res: Response, reason: string): Promise<void> {
  const t = visitOf(req).words;
  const kept =
    REASONS.some((known) => known === reason) && (await noteUnsubscribeReason(web.ctx, tokenOf(req), reason));
  if (!kept) return showProblem(web, req, res, 422, t('unsubscribe.reason.expected'));
  showNotice(web, req, res, { heading: t('unsubscribe.reason.thanks'), lines: [t('unsubscribe.reason.kept')] });
}
