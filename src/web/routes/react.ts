import { Router, type Request, type Response } from 'express';
import { showDeadLink } from '../dead-link.ts';
import { lookUpReaction, muteWord, react, type ReactionView } from '../../subscribers/react.ts';
import { fieldsOf, first, readBody, type Fields } from '../../http/bodies.ts';
import { muteOffer } from '../mute-offer.ts';
import { showNotice, type NoticeForm } from '../../http/notice.ts';
import { titleText } from '../paper-view.ts';
import { preferencesPath } from '../reader-links.ts';
import { reactionAsked } from '../reaction-asked.ts';
import { presser } from '../presser.ts';
import { showProblem } from '../../http/problems.ts';
import { readerLanguage } from '../reader-language.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { pageUrl, tokenOf } from '../../http/parameters.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';

/**
 * Serves «more like this», «less like this» and «mute a word»: GET shows what will change, POST changes it, and can
 * take it back.
 */
export function reactRoutes(web: Web): Router {
  const router = Router();
  const path = '/react/:token{/*rest}';
  router.use('/react/:token', privatePages('no-referrer'), samplePage(web), readerLanguage(web.ctx, 'react'));
  router.get(path, (req, res) => showQuestion(web, req, res));
  router.post(path, readBody, (req, res) => act(web, req, res));
  return router;
}

async function showQuestion(web: Web, req: Request, res: Response, problem = ''): Promise<void> {
  const t = visitOf(req).words;
  const { paper, act: asked } = reactionAsked(req);
  const act = problem ? 'mute' : asked;
  const found = await lookUpReaction(web.ctx, tokenOf(req), paper);
  if (!found) return showDeadLink(web, req, res, t('react.unknown'));
  const title = titleText(found.title);
  const notice = { heading: t(`react.${act}.heading`), kicker: title };
  if (act === 'mute') {
    const lines = [problem || t('react.mute.lead')];
    return showNotice(web, req, res, {
      ...notice,
      lines,
      forms: [await muteForm(web, req, title)],
      status: problem ? 422 : 200,
    });
  }
  if (act === 'rate') {
    const acts = (['more', 'less'] as const).map((kind) => ({
      ...pressForm(req, kind, t(`react.${kind}.submit`), 'quiet'),
      id: kind, // newsletters link to `rate#more`
    }));
    const forms = [
      ...acts,
      { ...(await muteForm(web, req, title, { legend: t('react.mute.heading'), look: 'quiet' })), id: 'mute' },
    ];
    return showNotice(web, req, res, { ...notice, lines: [t('react.rate.lead'), ...stands(web, req, found)], forms });
  }
  const kind = act === 'more' ? 'more' : 'less';
  const other = kind === 'more' ? 'less' : 'more';
  const forms = [
    pressForm(req, kind, t(`react.${kind}.submit`), 'big'),
    pressForm(req, other, t(`react.${other}.submit`), 'quiet'),
  ];
  showNotice(web, req, res, { ...notice, lines: [t(`react.${kind}.lead`), ...stands(web, req, found)], forms });
}

async function act(web: Web, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const fields = await fieldsOf(req);
  const what = first(fields, 'act') || reactionAsked(req).act;
  if (what === 'mute' || what === 'unmute') return mute(web, req, res, fields, what === 'mute');
  if (what !== 'more' && what !== 'less' && what !== 'undo') return showProblem(web, req, res, 422);
  const result = await react(web.ctx, tokenOf(req), reactionAsked(req).paper, what === 'undo' ? null : what);
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('react.unknown'));
  const kicker = titleText(result.title);
  if (what === 'undo') {
    const lines = [t(result.outcome === 'changed' ? 'react.undone' : 'react.nothing')];
    return showNotice(web, req, res, { heading: t('react.undoneHeading'), kicker, lines });
  }
  const lines = [
    t(result.outcome === 'changed' ? `react.${what}.done` : `react.${what}.already`),
    t(`react.${what}.effect`),
  ];
  showNotice(web, req, res, {
    heading: t('react.doneHeading'),
    kicker,
    lines,
    forms: [pressForm(req, 'undo', t('react.undo'), 'quiet')],
  });
}

async function mute(web: Web, req: Request, res: Response, fields: Fields, muted: boolean): Promise<void> {
  const t = visitOf(req).words;
  const word = first(fields, 'own') || first(fields, 'word');
  const result = await muteWord(web.ctx, tokenOf(req), word, { muted, ...(await presser(web, req)) });
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('react.unknown'));
  if (result.outcome === 'bad-word') return showQuestion(web, req, res, t('react.mute.expected'));
  if (result.outcome === 'full') {
    const links = [{ href: preferencesPath(web.ctx, result.reader), label: t('confirm.done.preferences') }];
    const lines = [t('react.mute.full', { most: result.most })];
    return showNotice(web, req, res, { heading: t('react.mute.heading'), lines, links, status: 409 });
  }
  const line = {
    muted: 'react.mute.done',
    unmuted: 'react.undone',
    unchanged: muted ? 'react.mute.already' : 'react.nothing',
  }[result.outcome];
  const undo: NoticeForm = {
    action: pageUrl(req),
    hidden: { act: 'unmute', word: result.word },
    buttons: [{ label: t('react.undo'), look: 'quiet' }],
  };
  const heading = t(result.outcome === 'unmuted' ? 'react.undoneHeading' : 'react.doneHeading');
  showNotice(web, req, res, {
    heading,
    lines: [t(line, { word: result.word })],
    forms: result.outcome === 'unmuted' ? [] : [undo],
  });
}

/** Says what the reader said before, if anything. */
function stands(_web: Web, req: Request, found: ReactionView): string[] {
  return found.reaction ? [visitOf(req).words(`react.${found.reaction}.already`)] : [];
}

function pressForm(req: Request, act: string, label: string, look: 'big' | 'quiet'): NoticeForm {
  return { action: pageUrl(req), hidden: { act }, buttons: [{ label, look }] };
}

async function muteForm(
  web: Web,
  req: Request,
  title: string,
  as: { legend?: string; look?: 'big' | 'quiet' } = {},
): Promise<NoticeForm> {
  const t = visitOf(req).words;
  const options = await muteOffer(web, req, title);
  return {
    action: pageUrl(req),
    hidden: { act: 'mute' },
    choices: options.length > 0 ? [{ name: 'word', legend: as.legend ?? t('react.mute.legend'), options }] : [],
    texts: [{ name: 'own', label: t('react.mute.own') }],
    buttons: [{ label: t('react.mute.submit'), look: as.look ?? 'big' }],
  };
}
