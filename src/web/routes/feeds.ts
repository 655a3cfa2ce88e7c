import { Router, type Request, type Response } from 'express';
import { loadWishes } from '../../db/subscribers.ts';
import { translator } from '../../lib/strings.ts';
import { topicIn } from '../../lib/topic-words.ts';
import type { Wish } from '../../model/interest.ts';
import type { ChosenPaper } from '../../model/newsletter.ts';
import { readerOf } from '../../subscribers/reader-of.ts';
import { paperFeed } from '../feed-view.ts';
import { chooseOnDay, findFor, type PreviewReader } from '../preview/choose-preview.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { showProblem } from '../problems.ts';
import { languageOf, privatePage, wordsOf, type Web } from '../respond.ts';
import { samplePage } from '../sample.ts';

/** Most papers a feed holds. */
const ITEMS = 100;

/** Papers of one day in a topic's feed: all that a day has. */
const ALL = 1_000;

/** Serves the public feeds of the topics (Atom and JSON Feed) and each reader's private one. */
export function feedRoutes(web: Web): Router {
  const router = Router();
  router.get('/feeds/:name', (req, res) => topicFeed(web, req, res));
  router.use('/feed/:token', privatePage, samplePage(web));
  router.get('/feed/:token', (req, res) => readerFeed(web, req, res));
  return router;
}

async function topicFeed(web: Web, req: Request, res: Response): Promise<void> {
  const t = wordsOf(req);
  const [, slug, format] = /^([a-z0-9-]+)\.(xml|json)$/.exec(req.params['name'] as string) ?? [];
  const papers = await web.recentPapers();
  const known = papers?.topics.find((one) => one.slug === slug);
  if (!papers || !known || !slug) return showProblem(web, req, res, 404, t('feeds.unknown'));
  const topic = topicIn(languageOf(req), known);
  const base = web.ctx.config.PUBLIC_URL;
  const head = {
    title: t('feeds.topic.title', { topic: topic.name, name: web.ctx.config.MAIL_FROM.name }),
    description: topic.description,
    pageUrl: `${base}/digests`,
    selfUrls: { atom: `${base}/feeds/${slug}.xml`, json: `${base}/feeds/${slug}.json` },
    language: languageOf(req),
    author: web.ctx.config.MAIL_FROM.name,
  };
  const wishes: Wish[] = [{ kind: 'topic', text: slug, muted: false }];
  const chosen = papersFor(papers, wishes, { maxPapers: ALL, language: head.language });
  res.set('Cache-Control', 'public, max-age=900').vary('Accept-Language');
  res.type(format === 'json' ? 'application/feed+json' : 'application/atom+xml');
  res.send(paperFeed(t, base, head, chosen, format === 'json' ? 'json' : 'atom'));
}

async function readerFeed(web: Web, req: Request, res: Response): Promise<void> {
  const token = (req.params['token'] as string).replace(/\.xml$/, '');
  const reader = await readerOf(web.ctx, web.ctx.db, 'feed', token);
  if (!reader) return showProblem(web, req, res, 404, wordsOf(req)('feeds.unknown'));
  const t = translator(reader.language);
  const base = web.ctx.config.PUBLIC_URL;
  const papers = await web.recentPapers();
  const wishes = await loadWishes(web.ctx.db, reader.id);
  const head = {
    title: t('feeds.reader.title', { name: web.ctx.config.MAIL_FROM.name }),
    description: t('feeds.reader.description'),
    pageUrl: `${base}/digests`,
    selfUrls: { atom: `${base}/feed/${token}.xml` },
    language: reader.language,
    author: web.ctx.config.MAIL_FROM.name,
  };
  const chosen = papers ? papersFor(papers, wishes, reader) : [];
  res.type('application/atom+xml').send(paperFeed(t, base, head, chosen, 'atom'));
}

/** What wishes bring on each day, newest day first, chosen as a newsletter of that day would be. */
function papersFor(papers: RecentPapers, wishes: Wish[], reader: PreviewReader): ChosenPaper[] {
  const findings = findFor(papers, wishes);
  const days = [...new Set(papers.entries.map(({ digestOn }) => digestOn))].sort().reverse();
  return days.flatMap((day) => chooseOnDay(papers, day, findings, reader)?.papers ?? []).slice(0, ITEMS);
}
