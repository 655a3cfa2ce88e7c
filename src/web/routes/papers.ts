import { Router, type Request, type Response } from 'express';
import { dateInWords } from '../../compose/text/dates.ts';
import { safeUrl } from '../../compose/text/safe-url.ts';
import { loadPaper, type PaperPage } from '../../db/digests/paper-page.ts';
import type { Translate } from '../../lib/strings.ts';
import { abstractText, bylineText, firstLinesText, titleText } from '../paper-view.ts';
import { showProblem } from '../../http/problems.ts';
import { readAside } from '../../http/read-aside.ts';
import { visitOf } from '../../http/visit.ts';
import { sourceName } from '../source-name.ts';
import { inSameLanguage } from '../keep-language.ts';
import type { Web } from '../respond.ts';

/** Serves each paper's own page, with its days on the lists. */
export function paperRoutes(web: Web): Router {
  const router = Router();
  router.get('/papers/:id', (req, res) => readAside(web.ctx, null, (ctx) => showPaper({ ...web, ctx }, req, res)));
  return router;
}

async function showPaper(web: Web, req: Request, res: Response): Promise<void> {
  const { language, words: t } = visitOf(req);
  const id = String(req.params['id']);
  const paper = /^[A-Za-z0-9_-]{1,80}$/.test(id) ? await loadPaper(web.ctx.db, id) : null;
  if (!paper) return showProblem(web, req, res, 404, t('paper.unknown'));
  if (paper.publicId !== id) return res.redirect(301, inSameLanguage(req, `/papers/${paper.publicId}`));
  const abstract = abstractText(paper.abstract);
  const says = firstLinesText(paper);
  const [newest] = paper.listings;
  const links = linksOf(t, paper);
  const view = {
    title: titleText(paper.title),
    byline: bylineText(t, language, paper, Infinity),
    says: says === abstract ? '' : says,
    links,
    searchNote: links.some(({ search }) => search) ? t('paper.searchNote') : '',
    paragraphs: abstract ? [abstract] : [],
    lastDay: newest
      ? { href: `/digests/${newest.digestOn}`, date: dateInWords(newest.digestOn, language, 'long') }
      : null,
    model: modelSays(web, t, paper),
    days: paper.listings.map((entry) => ({
      href: `/digests/${entry.digestOn}`,
      date: dateInWords(entry.digestOn, language, 'medium'),
      source: sourceName(t, web.ctx.config.SOURCES, entry.source),
      position: entry.position,
      upvotes: entry.upvotes ?? '–',
      comments: entry.comments ?? '–',
    })),
  };
  web.show(req, res, {
    template: 'paper',
    title: view.title,
    description: says.slice(0, 200) || view.byline,
    listed: true,
    here: 'digests',
    view,
  });
}

/** What a model of a source made of the paper, under that name: it is no word of the authors. */
function modelSays(web: Web, t: Translate, { added }: PaperPage) {
  if (!added || (added.modelSummary === null && added.modelKeywords.length === 0)) return null;
  return {
    heading: t('paper.model', { source: sourceName(t, web.ctx.config.SOURCES, added.source) }),
    summary: added.modelSummary,
    keywords: added.modelKeywords.join(' · '),
  };
}

/** Without an address of its own a paper gets searches for its title, labelled as such: an id is never guessed. */
function linksOf(t: Translate, paper: PaperPage) {
  const [newest] = paper.listings;
  const own = safeUrl(paper.url ?? newest?.url ?? null);
  const code = safeUrl(newest?.codeUrl ?? null);
  const project = safeUrl(paper.added?.projectUrl ?? null);
  const discussion = safeUrl(newest?.discussionUrl ?? null);
  const title = encodeURIComponent(titleText(paper.title));
  const searches = [
    {
      href: `https://arxiv.org/search/?searchtype=title&query=${title}`,
      label: t('paper.arxiv'),
      look: 'quiet',
      search: true,
    },
    { href: `https://huggingface.co/papers?q=${title}`, label: t('paper.huggingface'), look: 'quiet', search: true },
  ];
  return [
    ...(own ? [{ href: own, label: t('paper.read'), look: '', search: false }] : searches),
    ...(code ? [{ href: code, label: t('paper.code'), look: 'quiet', search: false }] : []),
    ...(project ? [{ href: project, label: t('paper.project'), look: 'quiet', search: false }] : []),
    ...(discussion ? [{ href: discussion, label: t('paper.discussion'), look: 'quiet', search: false }] : []),
  ];
}
