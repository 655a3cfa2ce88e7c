import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { openTemplates, type Frame, type PlainPage } from '../http/templates.ts';
import { visitOf } from '../http/visit.ts';
import { translator } from '../lib/strings.ts';
import { finishPage } from './keep-language.ts';
import { feedLinks, type FeedLink } from './feed-links.ts';
import type { KeptTexts } from '../http/kept-texts.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';

/** What a route says of the page it shows; the rest of the frame follows from visit and settings. */
export interface Page extends PlainPage {
  description?: string;
  /** Whether search engines may list it. */
  listed?: boolean;
  /** The topic whose feed belongs to the page, besides the one of all papers. */
  topic?: { slug: string; name: string } | undefined;
  /** Which entry of the menu is the page. */
  here?: 'home' | 'digests' | 'preferences';
}

/** What every route gets: the context, and the way to show a page. */
export interface Web {
  ctx: Context;
  show: (req: Request, res: Response, page: Page) => void;
  /** Writes a page as `show` would send it; what else than its view it shows is named by `frameKey`. */
  pageText: (req: Request, page: Page) => string;
  /** The papers of the last 30 days, read into the matcher; null before the first digest. */
  recentPapers: () => Promise<RecentPapers | null>;
  /** What was counted for a reader's own pages, one after the other. */
  counted: KeptTexts;
}

interface WebFrame extends Frame {
  description: string;
  listed: boolean;
  /** Address of the page itself, for link previews; '' where it must not be spread. */
  canonicalUrl: string;
  /** Feeds that belong to the page. */
  feeds: FeedLink[];
  postalAddress: string;
  /** Whether the mails of this machine can be looked at. */
  outbox: boolean;
  atHome: boolean;
  atDigests: boolean;
  atPreferences: boolean;
}

/** Makes the functions that write pages and show them. */
export function createShow({ config }: Context): Pick<Web, 'show' | 'pageText'> {
  const render = openTemplates<WebFrame>('pages');
  const pageText: Web['pageText'] = (req, page) => {
    const { language, seesOutbox } = visitOf(req);
    const spoken = page.language ?? language;
    return render(page.template, page.view ?? {}, {
      ...{ language: spoken, title: page.title, siteName: config.MAIL_FROM.name, homeUrl: '/' },
      ...{ look: '', styles: ['offprint.css'], script: 'offprint.js' },
      description: page.description ?? translator(spoken)('site.description'),
      listed: page.listed ?? false,
      canonicalUrl: page.listed ? `${config.PUBLIC_URL}${req.path}` : '',
      feeds: page.listed ? feedLinks(translator(spoken), config.MAIL_FROM.name, page.topic) : [],
      postalAddress: config.POSTAL_ADDRESS,
      outbox: seesOutbox,
      ...{
        atHome: page.here === 'home',
        atDigests: page.here === 'digests',
        atPreferences: page.here === 'preferences',
      },
    });
  };
  const show: Web['show'] = (req, res, page) => {
    const text = pageText(req, page);
    res.status(page.status ?? 200);
    sendPage(res, text, page.language ?? visitOf(req).language);
  };
  return { show, pageText };
}

/** Sends the text of a page, finished for the address it was asked by. */
export function sendPage(res: Response, text: string, language: string): void {
  const page = finishPage(res.req, text, language);
  res.type('html').vary('Accept-Language').set('Content-Language', language).send(page);
}

/** Names what the frame of a page takes from the request: two visitors with the same may be shown the same text. */
export function frameKey(req: Request): unknown[] {
  const { language, seesOutbox } = visitOf(req);
  return [req.path, language, seesOutbox];
}
