import { setImmediate as nextTurn } from 'node:timers/promises';
import { Router, type Request, type Response } from 'express';
import { holdWishes } from '../../db/interests/examples.ts';
import { loadWishes } from '../../db/subscribers/subscribers.ts';
import { translator } from '../../lib/strings.ts';
import { topicIn } from '../../model/topic-words.ts';
import type { Wish } from '../../model/interest.ts';
import { DEFAULT_SELECTIVITY } from '../../model/subscriber.ts';
import { takeFeed, takeVisit } from '../../subscribers/budgets.ts';
import { readerOf } from '../../subscribers/reader-of.ts';
import { showDeadLink } from '../dead-link.ts';
import { paperFeed, type FeedHead, type FeedPaper } from '../feed-view.ts';
import { openKeptTexts, type KeptTexts } from '../../http/kept-texts.ts';
import { chooseOnDay, type PreviewReader } from '../../preview/choose-preview.ts';
import { findFor } from '../../preview/find-wishes.ts';
import type { RecentPapers } from '../../preview/recent-papers.ts';
import { ALL_PAPERS } from '../feed-links.ts';
import { openToOtherSites } from '../../http/cross-origin.ts';
import { showResting, showProblem } from '../../http/problems.ts';
import { visitOf } from '../../http/visit.ts';
import { tokenOf } from '../../http/parameters.ts';
import { privatePages } from '../../http/security.ts';
import type { Web } from '../respond.ts';
import { samplePage } from '../sample.ts';

/** Most papers a feed holds. */
const ITEMS = 100;

/** Papers of one day in a topic's feed: all that a day has. */
const ALL = 1_000;

/** Serves the public feeds of all papers and of the topics (Atom and JSON Feed) and each reader's private one. */
export function feedRoutes(web: Web): Router {
  const router = Router();
  const texts = openKeptTexts();
  router.use('/feeds', openToOtherSites(['GET', 'HEAD']));
  router.use(['/feeds', '/feed'], async (req, res, next) => {
    const budget = await takeVisit(web.ctx, 'feeds', visitOf(req).visitor.ip);
    if (budget.outcome === 'over') return showResting(web, req, res, budget);
    next();
  });
  router.get('/feeds/:name', (req, res) => topicFeed(web, texts, req, res));
  router.use('/feed/:token', privatePages('no-referrer'), samplePage(web));
  router.get('/feed/:token', (req, res) => readerFeed(web, texts, req, res));
  return router;
}

async function topicFeed(web: Web, texts: KeptTexts, req: Request, res: Response): Promise<void> {
  const { language, words: t } = visitOf(req);
  const [, slug, format] = /^([a-z0-9-]+)\.(xml|json)$/.exec(req.params['name'] as string) ?? [];
  const papers = await web.recentPapers();
  const known = papers?.topics.find((one) => one.slug === slug);
  if (!slug || (slug !== ALL_PAPERS && (!papers || !known))) return showProblem(web, req, res, 404, t('feeds.unknown'));
  const topic = known
    ? topicIn(language, known)
    : { name: t('feeds.all.name'), description: t('feeds.all.description') };
  const base = web.ctx.config.PUBLIC_URL;
  const head = {
    title: t('feeds.topic.title', { topic: topic.name, name: web.ctx.config.MAIL_FROM.name }),
    description: topic.description,
    pageUrl: `${base}/digests`,
    selfUrls: { atom: `${base}/feeds/${slug}.xml`, json: `${base}/feeds/${slug}.json` },
    language,
    author: web.ctx.config.MAIL_FROM.name,
  };
  const wishes: Wish[] = known ? [{ kind: 'topic', text: slug, muted: false }] : [];
  const wanted = {
    papers,
    wishes,
    reader: { maxPapers: ALL, selectivity: DEFAULT_SELECTIVITY, perhaps: false, language },
    head,
    format: asFormat(format),
  };
  const text = await keptFeed(web, texts, wanted);
  res.set('Cache-Control', 'public, max-age=900').vary('Accept-Language');
  res.type(format === 'json' ? 'application/feed+json' : 'application/atom+xml').send(text);
}

async function readerFeed(web: Web, texts: KeptTexts, req: Request, res: Response): Promise<void> {
  const token = tokenOf(req);
  const reader = await readerOf(web.ctx, web.ctx.db, 'feed', token);
  if (!reader) return showDeadLink(web, req, res, visitOf(req).words('feeds.replaced'));
  const budget = await takeFeed(web.ctx, reader.publicId);
  if (budget.outcome === 'over') return showResting(web, req, res, budget);
  const t = translator(reader.language);
  const base = web.ctx.config.PUBLIC_URL;
  const papers = await web.recentPapers();
  const wishes = await holdWishes(web.ctx.db, await loadWishes(web.ctx.db, reader.id));
  const head = {
    title: t('feeds.reader.title', { name: web.ctx.config.MAIL_FROM.name }),
    description: t('feeds.reader.description'),
    pageUrl: `${base}/digests`,
    selfUrls: { atom: `${base}/feed/${token}.xml` },
    language: reader.language,
    author: web.ctx.config.MAIL_FROM.name,
  };
  const { maxPapers, selectivity, perhaps, language } = reader;
  const asked = { maxPapers, selectivity, perhaps, language };
  const text = await keptFeed(web, texts, { papers, wishes, reader: asked, head, format: 'atom' });
  res.set('Cache-Control', 'private, no-cache'); // a reader's program may keep it to ask whether it changed
  res.type('application/atom+xml').send(text);
}

/** What a feed is made from. `head` names the feed's own address, so that no two readers share a text. */
interface WantedFeed {
  papers: RecentPapers | null;
  wishes: Wish[];
  reader: PreviewReader;
  head: FeedHead;
  format: 'atom' | 'json';
}

function keptFeed(web: Web, texts: KeptTexts, wanted: WantedFeed): Promise<string> {
  const { papers, wishes, reader, head, format } = wanted;
  return texts.get([papers?.version, wishes, reader, head, format], async () => {
    const chosen = papers ? await papersFor(papers, wishes, reader) : [];
    return paperFeed(translator(head.language), web.ctx.config.PUBLIC_URL, head, chosen, format);
  });
}

/**
 * What wishes bring on each day, newest day first, chosen as a newsletter of that day would be, what may be right last;
 * a turn of the event loop for each day.
 */
async function papersFor(papers: RecentPapers, wishes: Wish[], reader: PreviewReader): Promise<FeedPaper[]> {
  const findings = await findFor(papers, wishes, reader);
  const days = [...new Set(papers.entries.map(({ digestOn }) => digestOn))].sort().reverse();
  const chosen: FeedPaper[] = [];
  for (const day of days) {
    if (chosen.length >= ITEMS) break;
    await nextTurn();
    const ofDay = chooseOnDay(papers, day, findings, reader);
    const perhaps = (ofDay?.perhaps ?? []).map((paper) => ({ ...paper, perhaps: true }));
    chosen.push(...(ofDay?.papers ?? []), ...perhaps);
  }
  return chosen.slice(0, ITEMS);
}

function asFormat(text: string | undefined): 'atom' | 'json' {
  return text === 'json' ? 'json' : 'atom';
}
