import { setImmediate as nextTurn } from 'node:timers/promises';
import { Router, type Request, type Response } from 'express';
import { holdWishes } from '../../db/interests/examples.ts';
import { translator, type Translate } from '../../lib/strings.ts';
import { takePreview } from '../../subscribers/budgets.ts';
import { settledPreferences, type Wishes } from '../../subscribers/sign-up.ts';
import { checkWishesForm } from '../check-sign-up.ts';
import { signUpOf } from '../form-values.ts';
import { openKeptTexts, type KeptTexts } from '../../http/kept-texts.ts';
import { choosePreview } from '../../preview/choose-preview.ts';
import { estimateVolume, type Volume } from '../../preview/estimate.ts';
import { findFor, inStoredOrder } from '../../preview/find-wishes.ts';
import type { RecentPapers } from '../../preview/recent-papers.ts';
import { sampleInput } from '../../preview/sample-input.ts';
import { visitOf } from '../../http/visit.ts';
import { frameKey, sendPage, type Web } from '../respond.ts';
import { sendMailHtml } from '../../http/security.ts';
import type { Fields } from '../../http/bodies.ts';

/** What the form says while it is being filled in. */
interface Asked {
  /**
   * What there is to choose from, and the wishes as far as they can be read; null before the first digest, or where
   * nothing can be read.
   */
  from: { wishes: Wishes; papers: RecentPapers } | null;
  /** Names all of it: the same key, the same preview. */
  key: unknown[];
}

/** Kept where nothing fits. */
const NOTHING = '';

/**
 * Serves the live preview of the sign-up form: an estimate of how much would come, and the newsletter it would have
 * been.
 */
export function previewRoutes(web: Web): Router {
  const router = Router();
  const texts = openKeptTexts();
  router.use('/preview', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });
  router.use('/preview', async (req, res, next) => {
    const { visitor, words: t } = visitOf(req);
    const budget = await takePreview(web.ctx, visitor.ip);
    if (budget.outcome === 'room') return next();
    res.set('Retry-After', String(budget.retryAfterSeconds));
    if (req.path !== '/') return showNothing(web, req, res, t('preview.resting'), 429);
    const estimate = { headline: t('preview.resting'), advice: t('preview.restingAdvice') };
    web.show(req, res, { template: 'fragment-estimate', title: '', status: 429, view: { estimate } });
  });
  router.get('/preview', async (req, res) => {
    const { language, words } = visitOf(req);
    const asked = await askedOf(web, req);
    const text = await texts.get(['estimate', frameKey(req), asked.key], async () => {
      const view = { estimate: await estimateOf(words, asked) };
      return web.pageText(req, { template: 'fragment-estimate', title: '', view });
    });
    sendPage(res, text, language);
  });
  router.get('/preview/newsletter', async (req, res) => showNewsletter(web, texts, req, res));
  return router;
}

/** Words the estimate for nobody's wishes, as the form starts with it. */
export function startingEstimate(t: Translate): { headline: string; advice: string } {
  return { headline: t('preview.start'), advice: t('preview.startAdvice') };
}

/**
 * Reads the wishes in the address; while somebody types, half a wish is no mistake: what cannot be used yet is left
 * out.
 */
async function askedOf(web: Web, req: Request): Promise<Asked> {
  const papers = await web.recentPapers();
  const read = papers && readWishes(web, req, papers);
  const wishes = read && { ...read, wishes: await holdWishes(web.ctx.db, inStoredOrder(read.wishes)) };
  const key = [papers?.version, web.ctx.now().toISOString().slice(0, 10), wishes];
  return { from: papers && wishes && { wishes, papers }, key };
}

function readWishes(web: Web, req: Request, papers: RecentPapers): Wishes | null {
  const topics = new Set(papers.topics.map(({ slug }) => slug));
  const settings = { topics, maxPapers: web.ctx.config.MAX_PAPERS };
  const { language, words: t } = visitOf(req);
  const raw: Record<string, unknown> = { language, ...signUpOf(fieldsOfQuery(req)) };
  for (let tries = 0; tries < 4; tries++) {
    const checked = checkWishesForm(t, raw, settings);
    if (checked.ok) return checked.value;
    for (const { field } of [...checked.expected].reverse()) {
      const [name = '', place] = field.split('.');
      const list = raw[name];
      if (place !== undefined && Array.isArray(list)) list.splice(Number(place), 1);
      else Reflect.deleteProperty(raw, name);
    }
  }
  return null;
}

async function estimateOf(
  t: Translate,
  { from }: Asked,
): Promise<{ headline: string; advice: string; authors?: string }> {
  if (!from) return { headline: t('preview.noPapers'), advice: '' };
  const { wishes } = from.wishes;
  const preferences = settledPreferences(from.wishes.preferences);
  if (wishes.length === 0) return startingEstimate(t);
  const findings = await findFor(from.papers, wishes, preferences);
  const volume = estimateVolume(from.papers, findings.fitting, preferences.cadence, preferences.maxPapers);
  const every = preferences.cadence === 'weekly' ? 'week' : 'day';
  return {
    headline: headlineOf(t, volume, every),
    advice: t(`preview.advice.${volume.verdict}`, { max: preferences.maxPapers, every }),
    authors: wishes.some(({ kind }) => kind === 'author') ? unseenAuthors(t, from.papers) : '',
  };
}

/** Says where an author cannot be found; nothing where every source names authors. */
function unseenAuthors(t: Translate, { sourcesWithoutNames: sources }: RecentPapers): string {
  return sources.length === 0 ? '' : t('preview.authorsUnseen', { n: sources.length, sources: sources.join(', ') });
}

function headlineOf(t: Translate, { verdict, low, high, total, days }: Volume, every: string): string {
  if (verdict === 'none') return t('preview.volume.none', { days });
  if (verdict === 'rare') return t('preview.volume.rare', { total, days });
  return low === high
    ? t('preview.volume.same', { n: low, days, every })
    : t('preview.volume.range', { low, high, days, every });
}

async function showNewsletter(web: Web, texts: KeptTexts, req: Request, res: Response): Promise<void> {
  const { from, key } = await askedOf(web, req);
  const html = await texts.get(['newsletter', key], async () => {
    if (!from) return NOTHING;
    const preferences = settledPreferences(from.wishes.preferences);
    const findings = await findFor(from.papers, from.wishes.wishes, preferences);
    await nextTurn();
    const choice = await choosePreview(from.papers, findings, preferences);
    if (!choice) return NOTHING;
    const composer = await web.ctx.composer();
    await nextTurn();
    const { newestOn } = from.papers;
    const input = sampleInput(choice, {
      language: translator(preferences.language)('site.language'),
      ...{ keyId: web.ctx.keys.link[0]?.id ?? 0, issuedOn: newestOn, digestOn: newestOn, at: web.ctx.now() },
    });
    return composer.page(input, { personal: false }).html;
  });
  if (html !== NOTHING) return sendMailHtml(res, html, { framed: true });
  showNothing(web, req, res, visitOf(req).words(from ? 'preview.nothing' : 'preview.noPapers'));
}

/** Says in the frame of the newsletter why there is none. */
function showNothing(web: Web, req: Request, res: Response, text: string, status = 200): void {
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'self'");
  web.show(req, res, { template: 'fragment-nothing', title: text, status, view: { text } });
}

function fieldsOfQuery(req: Request): Fields {
  return new Map(
    Object.entries(req.query).map(([name, value]) => [name, [value].flat().filter((text) => typeof text === 'string')]),
  );
}
