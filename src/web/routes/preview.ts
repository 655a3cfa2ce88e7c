import { Router, type Request, type Response } from 'express';
import { translator, type Translate } from '../../lib/strings.ts';
import { listTopics } from '../../db/topics.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import { TEMPLATE_VERSION } from '../../model/newsletter.ts';
import { takePreview } from '../../subscribers/budgets.ts';
import type { Wishes } from '../../subscribers/sign-up.ts';
import { checkWishesForm } from '../check-sign-up.ts';
import { signUpOf } from '../form-values.ts';
import { choosePreview, findFor, type PreviewChoice } from '../preview/choose-preview.ts';
import { estimateVolume, type Volume } from '../preview/estimate.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { languageOf, visitorOf, wordsOf, type Web } from '../respond.ts';
import { SAMPLE_SUBJECT } from '../sample.ts';
import { sendMailHtml } from '../security.ts';
import type { Fields } from '../bodies.ts';

/** What the form says while it is being filled in. */
interface Asked {
  wishes: Wishes;
  papers: RecentPapers;
}

/** Serves the live preview of the sign-up form: an estimate of how much would come, and the newsletter it would have been. */
export function previewRoutes(web: Web): Router {
  const router = Router();
  router.use('/preview', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });
  router.use('/preview', async (req, res, next) => {
    const budget = await takePreview(web.ctx, visitorOf(req).ip);
    if (budget.outcome === 'room') return next();
    res.set('Retry-After', String(budget.retryAfterSeconds));
    const t = wordsOf(req);
    if (req.path !== '/') return showNothing(web, req, res, t('preview.resting'), 429);
    const estimate = { headline: t('preview.resting'), advice: t('preview.restingAdvice') };
    web.show(req, res, { template: 'fragment-estimate', title: '', status: 429, view: { estimate } });
  });
  router.get('/preview', async (req, res) => {
    const asked = await askedOf(web, req, await web.recentPapers());
    web.show(req, res, {
      template: 'fragment-estimate',
      title: '',
      view: { estimate: estimateOf(wordsOf(req), asked) },
    });
  });
  router.get('/preview/newsletter', async (req, res) =>
    showNewsletter(web, req, res, await askedOf(web, req, await web.recentPapers())),
  );
  return router;
}

/** Words the estimate for nobody's wishes, as the form starts with it. */
export function startingEstimate(t: Translate): { headline: string; advice: string } {
  return { headline: t('preview.start'), advice: t('preview.startAdvice') };
}

/** Reads the wishes in the address; while somebody types, half a wish is no mistake: what cannot be used yet is left out. */
async function askedOf(web: Web, req: Request, papers: RecentPapers | null): Promise<Asked | null> {
  if (!papers) return null;
  const topics = new Set((await listTopics(web.ctx.db)).map(({ slug }) => slug));
  const settings = { topics, maxPapers: web.ctx.config.MAX_PAPERS };
  const raw: Record<string, unknown> = { language: languageOf(req), ...signUpOf(fieldsOfQuery(req)) };
  const t = wordsOf(req);
  for (let tries = 0; tries < 4; tries++) {
    const checked = checkWishesForm(t, raw, settings);
    if (checked.ok) return { wishes: checked.value, papers };
    for (const { field } of [...checked.expected].reverse()) {
      const [name = '', place] = field.split('.');
      const list = raw[name];
      if (place !== undefined && Array.isArray(list)) list.splice(Number(place), 1);
      else delete raw[name];
    }
  }
  return null;
}

function estimateOf(t: Translate, asked: Asked | null): { headline: string; advice: string; authors?: string } {
  if (!asked) return { headline: t('preview.noPapers'), advice: '' };
  const { wishes, preferences } = asked.wishes;
  if (wishes.length === 0) return startingEstimate(t);
  const findings = findFor(asked.papers, wishes);
  const volume = estimateVolume(asked.papers, findings.fitting, preferences.cadence, preferences.maxPapers);
  const every = preferences.cadence === 'weekly' ? 'week' : 'day';
  return {
    headline: headlineOf(t, volume, every),
    advice: t(`preview.advice.${volume.verdict}`, { max: preferences.maxPapers, every }),
    authors: wishes.some(({ kind }) => kind === 'author') ? unseenAuthors(t, asked.papers) : '',
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

async function showNewsletter(web: Web, req: Request, res: Response, asked: Asked | null): Promise<void> {
  const findings = asked && findFor(asked.papers, asked.wishes.wishes);
  const choice = asked && findings && choosePreview(asked.papers, findings, asked.wishes.preferences);
  if (!asked || !choice) {
    return showNothing(web, req, res, wordsOf(req)(asked ? 'preview.nothing' : 'preview.noPapers'));
  }
  const input = inputOf(web, asked, choice);
  sendMailHtml(res, (await web.ctx.composer()).page(input, { personal: false }).html, { framed: true });
}

/** Says in the frame of the newsletter why there is none. */
function showNothing(web: Web, req: Request, res: Response, text: string, status = 200): void {
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'self'");
  web.show(req, res, { template: 'fragment-nothing', title: text, status, view: { text } });
}

function inputOf(web: Web, { wishes, papers }: Asked, choice: PreviewChoice): NewsletterInput {
  return {
    ...{ deliveryPublicId: SAMPLE_SUBJECT, newsletterPublicId: SAMPLE_SUBJECT, subscriberPublicId: SAMPLE_SUBJECT },
    ...{ email: '', generation: 1, keyId: web.ctx.keys.link[0]?.id ?? 0, editionKey: `daily:${papers.newestOn}` },
    language: translator(wishes.preferences.language)('site.language'),
    issuedOn: papers.newestOn,
    at: web.ctx.now(),
    papers: choice.papers,
    trending: choice.trending,
    consideredCount: choice.consideredCount,
    moreCount: choice.moreCount,
    digestOn: papers.newestOn,
    templateVersion: TEMPLATE_VERSION,
  };
}

function fieldsOfQuery(req: Request): Fields {
  return new Map(
    Object.entries(req.query).map(([name, value]) => [name, [value].flat().filter((text) => typeof text === 'string')]),
  );
}
