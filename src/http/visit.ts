import type { Request, RequestHandler } from 'express';
import type { Config } from '../config.ts';
import { chooseLanguage, languages, translator, type Translate } from '../lib/strings.ts';
import { outboxIsOpenTo } from './loopback.ts';

/** Who asks, and in which language our pages speak to them: evidence of consent, and for budgets. */
export interface Visitor {
  ip: string;
  userAgent: string;
  language: string;
}

/** What a request says of its visitor: read once, and taken from here by everybody who answers it. */
export interface Visit {
  language: string;
  /** Words strings in that language. */
  words: Translate;
  visitor: Visitor;
  /** Whether the visitor is a program that sent or wants JSON. */
  wantsJson: boolean;
  /** Whether they may look at the mails of this machine's outbox. */
  seesOutbox: boolean;
}

/** Longest name of a browser that is kept, in UTF-16 units. */
const LONGEST_USER_AGENT = 300;

/** Makes the visit of each request, before any page is asked. */
export function makeVisits(config: Config): RequestHandler {
  return (req, _res, next) => {
    const language = languageAskedFor(req) ?? chooseLanguage(req.get('accept-language'));
    keep(req, {
      language,
      words: translator(language),
      visitor: { ip: req.ip ?? '', userAgent: (req.get('user-agent') ?? '').slice(0, LONGEST_USER_AGENT), language },
      wantsJson: wantsJson(req),
      seesOutbox: outboxIsOpenTo(config, req) === 'open',
    });
    next();
  };
}

/** Returns the visit of a request. */
export function visitOf(req: Request): Visit {
  const visit = (req.res?.locals as { visit?: Visit } | undefined)?.visit;
  if (!visit) throw new Error('this request has no visit: it did not pass makeVisits');
  return visit;
}

/** Lets the pages that follow speak a reader's own language, unless the address asks for another. */
export function speakAs(req: Request, readersLanguage: string): void {
  const language = languageAskedFor(req) ?? chooseLanguage(readersLanguage);
  const visit = visitOf(req);
  keep(req, { ...visit, language, words: translator(language), visitor: { ...visit.visitor, language } });
}

function keep(req: Request, visit: Visit): void {
  if (req.res) (req.res.locals as { visit?: Visit }).visit = visit;
}

/** Returns the language that `?lang=` names, where there is a catalogue for it. */
export function languageAskedFor(req: Request): string | undefined {
  const asked = req.query['lang'];
  return languages().find((language) => language === asked);
}

function wantsJson(req: Request): boolean {
  return req.is('json') === 'json' || /json$/.test(req.accepts(['html', 'json', 'application/problem+json']) || '');
}
