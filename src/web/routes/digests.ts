import { Router, type Request, type Response } from 'express';
import { dateInWords } from '../../compose/text/dates.ts';
import {
  listDigests,
  loadDigest,
  neighbouringDays,
  type DigestPage,
  type DigestSummary,
} from '../../db/digests/digests.ts';
import { loadDigestEntries } from '../../db/digests/entries.ts';
import { searchPapers } from '../../db/digests/paper-search.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { shownVersion } from '../../db/digests/shown-version.ts';
import { reasonsText } from '../../lib/error-text.ts';
import { translator, type Translate } from '../../lib/strings.ts';
import { topicsIn } from '../../model/topic-words.ts';
import { dateOnly, isDate } from '../../lib/time.ts';
import { takeVisit } from '../../subscribers/budgets.ts';
import { cursorIn, pagerOf } from '../../http/pager.ts';
import { parameter } from '../../http/parameters.ts';
import { eachOnce, filterEntries, SORTS, sortOf } from '../filter-entries.ts';
import { openKeptTexts, type KeptTexts } from '../../http/kept-texts.ts';
import { whyNoList, withGaps } from '../day-gaps.ts';
import { paperItem, titleText } from '../paper-view.ts';
import { sourceName } from '../source-name.ts';
import { showProblem, showResting } from '../../http/problems.ts';
import { readAside } from '../../http/read-aside.ts';
import { visitOf } from '../../http/visit.ts';
import { frameKey, sendPage, type Page, type Web } from '../respond.ts';
import { isUsable, type HealthKind } from '../../model/digest.ts';

/** Lists shown on one page of the archive. */
const LISTED = 40;

/** Papers a search shows. */
const FOUND = 50;

/** Kept for a day without a list. */
const MISSING = '';

/** Serves the public archive: the days, one day, and a search over all of them. */
export function digestRoutes(web: Web): Router {
  const router = Router();
  const texts = openKeptTexts();
  router.use('/digests', async (req, res, next) => {
    if (parameter(req, 'q') === '' && parameter(req, 'topic') === '') return next();
    const budget = await takeVisit(web.ctx, 'search', visitOf(req).visitor.ip);
    if (budget.outcome === 'over') return showResting(web, req, res, budget);
    next();
  });
  const aside = (show: typeof showDays) => (req: Request, res: Response) =>
    readAside(web.ctx, null, (ctx) => show({ ...web, ctx }, texts, req, res));
  router.get('/digests', aside(showDays)).get('/digests/:date', aside(showDay));
  return router;
}

async function showDays(web: Web, texts: KeptTexts, req: Request, res: Response): Promise<void> {
  const query = parameter(req, 'q');
  const cursor = cursorIn(req);
  const { language } = visitOf(req);
  const key = ['days', await shownVersion(web.ctx.db), dateOnly(web.ctx.now()), frameKey(req), query, cursor];
  const text = await texts.get(key, async () => web.pageText(req, await daysPage(web, language, query, cursor)));
  sendPage(res, text, language);
}

async function daysPage(web: Web, language: string, query: string, cursor: string): Promise<Page> {
  const t = translator(language);
  const { db } = web.ctx;
  const named = namer(web, t);
  const found = query ? await searchPapers(db, query, { limit: FOUND, cursor }) : null;
  const days = found ? null : await listDigests(db, { limit: LISTED, cursor });
  const digests = days?.rows ?? [];
  const next = (found ?? days)?.next ?? null;
  const heads = await loadDigestEntries(
    db,
    digests.filter(isUsable).map(({ id }) => id),
  );
  const view = {
    query,
    searched: query !== '',
    resultHeading: t('digests.search.results', { n: found?.total ?? 0, query }),
    results: (found?.rows ?? []).map((entry) => paperItem(t, { language, named, day: null }, entry)),
    digests: await withGaps(web, { t, language, named }, digests, {
      isFirst: cursor === '',
      row: (digest) => ({
        ...dayOf(t, language, named, digest),
        headline: (heads.get(digest.id) ?? [])
          .slice(0, 3)
          .map((entry) => titleText(entry.title))
          .join(' · '),
      }),
    }),
    pager: pagerOf({ next }, { path: '/digests', cursor, filters: { q: query } }, pagerWords(t, query !== '')),
    topics: topicsIn(language, await listTopics(db)),
  };
  return { template: 'digests', title: t('digests.title'), listed: query === '', here: 'digests', view };
}

function namer(web: Web, t: Translate): (source: string) => string {
  return (source) => sourceName(t, web.ctx.config.SOURCES, source);
}

function pagerWords(t: Translate, searched: boolean) {
  return searched
    ? { label: t('digests.search.pages'), back: t('digests.search.first'), on: t('digests.search.more') }
    : { label: t('digests.pages'), back: t('digests.newest'), on: t('digests.older') };
}

async function showDay(web: Web, texts: KeptTexts, req: Request, res: Response): Promise<void> {
  const day = String(req.params['date']);
  const asked = { query: parameter(req, 'q'), topic: parameter(req, 'topic'), sort: sortOf(parameter(req, 'sort')) };
  const { language, words } = visitOf(req);
  const key = ['day', await shownVersion(web.ctx.db), frameKey(req), day, asked];
  const text = await texts.get(key, async () => {
    const page = isDate(day) ? await dayPage(web, language, day, asked) : null;
    return page ? web.pageText(req, page) : MISSING;
  });
  if (text === MISSING) {
    const why = isDate(day) ? await whyNoList(web, { t: words, named: namer(web, words) }, day) : null;
    return showProblem(web, req, res, 404, [words('digest.missing'), why ?? ''].join(' ').trim());
  }
  sendPage(res, text, language);
}

async function dayPage(
  web: Web,
  language: string,
  day: string,
  asked: { query: string; topic: string; sort: ReturnType<typeof sortOf> },
): Promise<Page | null> {
  const t = translator(language);
  const lists = await loadDigest(web.ctx.db, day);
  if (lists.length === 0) return null;
  const named = namer(web, t);
  const usable = lists.filter(isUsable);
  const { entries, sourcesOf } = eachOnce(usable.flatMap((digest) => digest.entries));
  const topics = await listTopics(web.ctx.db);
  const shown = filterEntries(entries, asked, topics, web.ctx.config.CONCEPTS_FILE);
  const place = { language, named, day: usable.length > 1 ? { sourcesOf } : {} };
  const filtered = asked.query !== '' || asked.topic !== '' || asked.sort !== 'position';
  const view = {
    heading: dateInWords(day, language, 'full'),
    summary: t('digest.summary', { n: entries.length, sources: lists.map(({ source }) => named(source)).join(', ') }),
    notes: lists.flatMap((digest) => noteOf(t, named, digest)),
    empty: entries.length === 0,
    query: asked.query,
    topics: topicsIn(language, topics).map(({ slug, name }) => ({ slug, name, chosen: slug === asked.topic })),
    sorts: SORTS.map((value) => ({ value, label: t(`digest.sort.${value}`), chosen: value === asked.sort })),
    shown: filtered ? t('digest.shown', { n: shown.length, total: entries.length }) : '',
    papers: shown.map((entry) => paperItem(t, place, entry)),
    ...(await neighboursOf(web, language, day)),
  };
  const title = t('digest.title', { date: dateInWords(day, language, 'long') });
  const topic = topicsIn(language, topics).find(({ slug }) => slug === asked.topic);
  return { template: 'digest', title, description: view.summary, listed: true, here: 'digests', topic, view };
}

/** The days before and after with a list, '' where there is none. */
async function neighboursOf(web: Web, language: string, day: string) {
  const { earlier, later } = await neighbouringDays(web.ctx.db, day);
  return {
    earlier: earlier ?? '',
    earlierName: earlier ? dateInWords(earlier, language, 'medium') : '',
    later: later ?? '',
    laterName: later ? dateInWords(later, language, 'medium') : '',
  };
}

function dayOf(t: Translate, language: string, named: (source: string) => string, digest: DigestSummary) {
  const held = !isUsable(digest);
  const note = digest.state === 'discarded' ? 'discarded' : wordOf(digest);
  return {
    href: `/digests/${digest.digestOn}`,
    date: dateInWords(digest.digestOn, language, 'full'),
    source: named(digest.source),
    count: t('digests.count', { n: digest.entryCount }),
    note: held || digest.verdict === 'quiet' ? t(`health.short.${note}`) : '',
    tone: digest.verdict === 'quiet' ? 'quiet' : 'held',
  };
}

function noteOf(t: Translate, named: (source: string) => string, digest: DigestPage) {
  if (digest.verdict === 'fresh' && isUsable(digest)) return [];
  const settled = digest.state === 'released' || digest.state === 'discarded' ? digest.state : null;
  const ended = digest.state === 'accepted' && digest.verdict !== 'quiet' ? 'ended' : null;
  const key = settled ?? ended ?? wordOf(digest);
  const title = `${named(digest.source)}: ${t(`health.${key}`)}`;
  const tone = digest.verdict === 'quiet' ? 'quiet' : 'held';
  return [{ title, reasons: reasonsText(digest.why, digest.reasons, t), tone }];
}

/** What the verdict alone would say wrongly. */
const SAID_BY_KIND: readonly (HealthKind | null)[] = ['future', 'empty', 'doubled', 'flooded', 'old'];

function wordOf({ kind, verdict }: DigestSummary): string {
  return kind && SAID_BY_KIND.includes(kind) ? kind : verdict;
}
