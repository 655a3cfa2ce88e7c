import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { chooseLanguage, languages, translator, type Translate } from '../lib/strings.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { outboxIsOpenTo } from '../http/loopback.ts';
import type { Frame, RenderPage } from '../http/templates.ts';

/** What a route says of the page it shows; the rest of the frame follows from request and settings. */
export interface Page {
  template: string;
  title: string;
  view?: object;
  status?: number;
  description?: string;
  listed?: boolean;
  here?: 'home' | 'digests' | 'preferences';
  feedUrl?: string;
  /** The reader's own language; else the visitor's. */
  language?: string;
}

/** What every route gets: the context, and the way to show a page. */
export interface Web {
  ctx: Context;
  show: (req: Request, res: Response, page: Page) => void;
  /** Writes a page as `show` would send it; what else than its view it shows is named by `frameKey`. */
  pageText: (req: Request, page: Page) => string;
  /** The papers of the last 30 days, read into the matcher; null before the first digest. */
  recentPapers: () => Promise<RecentPapers | null>;
}

/** Makes the functions that write pages and show them. */
export function createShow(ctx: Context, render: RenderPage): Pick<Web, 'show' | 'pageText'> {
  const pageText: Web['pageText'] = (req, page) => {
    const language = page.language ?? languageOf(req);
    const frame: Frame = {
      language,
      title: page.title,
      description: page.description ?? translator(language)('site.description'),
      listed: page.listed ?? false,
      canonicalUrl: page.listed ? `${ctx.config.PUBLIC_URL}${req.path}` : '',
      base: ctx.config.PUBLIC_URL,
      siteName: ctx.config.MAIL_FROM.name,
      postalAddress: ctx.config.POSTAL_ADDRESS,
      outbox: outboxIsOpenTo(ctx.config, req),
      feedUrl: page.feedUrl ?? '',
      here: page.here ?? '',
    };
    return render(page.template, page.view ?? {}, frame);
  };
  const show: Web['show'] = (req, res, page) => {
    const text = pageText(req, page);
    res.status(page.status ?? 200);
    sendPage(res, text, page.language ?? languageOf(req));
  };
  return { show, pageText };
}

/** Sends the text of a page. */
export function sendPage(res: Response, text: string, language: string): void {
  res.type('html').vary('Accept-Language').set('Content-Language', language).send(text);
}

/** Names what the frame of a page takes from the request: two visitors with the same may be shown the same text. */
export function frameKey(ctx: Context, req: Request): unknown[] {
  return [req.path, languageOf(req), outboxIsOpenTo(ctx.config, req)];
}

/** Chooses the page's language: `?lang=` where there is a catalogue for it, else the reader's own, else by Accept-Language. */
export function languageOf(req: Request): string {
  const asked = req.query['lang'];
  if (typeof asked === 'string' && languages().includes(asked)) return asked;
  const own: unknown = req.res?.locals['language'];
  return typeof own === 'string' ? chooseLanguage(own) : chooseLanguage(req.get('accept-language'));
}

/** Returns the words of the visitor's language. */
export function wordsOf(req: Request): Translate {
  return translator(languageOf(req));
}

/** Tells whether the visitor is a program that sent or wants JSON. */
export function wantsJson(req: Request): boolean {
  return req.is('json') === 'json' || req.accepts(['html', 'json']) === 'json';
}

/** Who asks, and in which language our pages speak to them: evidence of consent, and for budgets. */
export function visitorOf(req: Request): { ip: string; userAgent: string; language: string } {
  return { ip: req.ip ?? '', userAgent: (req.get('user-agent') ?? '').slice(0, 300), language: languageOf(req) };
}

/** Marks answers whose address holds a token: never stored, never spread, never listed. */
export const privatePage: RequestHandler = (_req: Request, res: Response, next: NextFunction) => {
  res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' });
  next();
};

/** Returns the token of the path. */
export function tokenOf(req: Request): string {
  const token = req.params['token'];
  return typeof token === 'string' ? token : '';
}
