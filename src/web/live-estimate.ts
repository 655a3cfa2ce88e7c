import type { Request } from 'express';
import type { Config } from '../config.ts';
import { visitOf } from '../http/visit.ts';
import type { Translate } from '../lib/strings.ts';
import { findFor, type Findings } from '../preview/find-wishes.ts';
import { estimateVolume, type Volume } from '../preview/estimate.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { isSampleSource } from '../samples.ts';
import { takePreview } from '../subscribers/budgets.ts';
import { settledPreferences } from '../subscribers/asked-preferences.ts';
import type { Asked } from './live-preview.ts';
import type { Web } from './respond.ts';

/** How much would come, in words. */
export interface Estimate {
  headline: string;
  advice: string;
  /** The headline in a few words, for the bar of a phone. */
  brief: string;
  /** Where authors cannot be found; '' where they can. */
  authors: string;
  /** That it was counted on samples; '' where it was not. */
  sample: string;
}

/** Words the estimate for nobody's wishes, as the form starts with it. */
export function startingEstimate(t: Translate): Estimate {
  return said(t('preview.start'), t('preview.startAdvice'), t('preview.brief.start'));
}

/** Words that estimates are not made now: too many were asked for. */
export function restingEstimate(t: Translate): Estimate {
  return said(t('preview.resting'), t('preview.restingAdvice'), t('preview.resting'));
}

/** Words how much these wishes would bring. */
export async function estimateOf(t: Translate, config: Config, { from }: Asked): Promise<Estimate> {
  if (!from) return said(t('preview.noPapers'), '', t('preview.noPapers'));
  if (from.wishes.wishes.length === 0) return startingEstimate(t);
  return estimateFrom(
    t,
    config,
    from,
    await findFor(from.papers, from.wishes.wishes, settledPreferences(from.wishes.preferences)),
  );
}

/** Words how much comes of what was found for these wishes. */
export function estimateFrom(
  t: Translate,
  config: Config,
  { papers, wishes: { wishes, preferences: asked } }: NonNullable<Asked['from']>,
  { fitting }: Findings,
): Estimate {
  const preferences = settledPreferences(asked);
  const volume = estimateVolume(papers, fitting, preferences.cadence, preferences.maxPapers);
  const every = preferences.cadence === 'weekly' ? 'week' : 'day';
  return {
    headline: headlineOf(t, volume, every, 'preview.volume'),
    advice: t(`preview.advice.${volume.verdict}`, { max: preferences.maxPapers, every }),
    brief: headlineOf(t, volume, every, 'preview.brief'),
    authors: wishes.some(({ kind }) => kind === 'author') ? unseenAuthors(t, papers) : '',
    sample: papers.entries.every(({ source }) => isSampleSource(config, source)) ? t('preview.sample') : '',
  };
}

/** Words an estimate within a page; asked for too often, it rests like the live one. */
export async function estimateWithin(web: Web, req: Request, asked: () => Promise<Asked>): Promise<Estimate> {
  const { visitor, words: t, language } = visitOf(req);
  const budget = await takePreview(web.ctx, visitor.ip);
  if (budget.outcome !== 'room') return restingEstimate(t);
  const found = await asked();
  const make = async () => JSON.stringify(await estimateOf(t, web.ctx.config, found));
  return JSON.parse(await web.counted.get(['estimate', language, found.key], make)) as Estimate;
}

function said(headline: string, advice: string, brief: string): Estimate {
  return { headline, advice, brief, authors: '', sample: '' };
}

/** Says where an author cannot be found; nothing where every source names authors. */
function unseenAuthors(t: Translate, { sourcesWithoutNames: sources }: RecentPapers): string {
  return sources.length === 0 ? '' : t('preview.authorsUnseen', { n: sources.length, sources: sources.join(', ') });
}

function headlineOf(t: Translate, volume: Volume, every: string, words: 'preview.volume' | 'preview.brief'): string {
  const { verdict, low, high, total, days } = volume;
  if (verdict === 'none') return t(`${words}.none`, { days });
  if (verdict === 'rare') return t(`${words}.rare`, { total, days });
  return low === high ? t(`${words}.same`, { n: low, days, every }) : t(`${words}.range`, { low, high, days, every });
}
