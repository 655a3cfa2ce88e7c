import type { Request } from 'express';
import type { Config } from '../config.ts';
import { visitOf } from '../http/visit.ts';
import type { Translate } from '../lib/strings.ts';
import { findFor } from '../preview/choose-preview.ts';
import { estimateVolume, type Volume } from '../preview/estimate.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { isSampleSource } from '../samples.ts';
import { takePreview } from '../subscribers/budgets.ts';
import { settledPreferences } from '../subscribers/sign-up.ts';
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
  /** Whether it was asked for too often to be made now. */
  resting: boolean;
}

/** Words the estimate for nobody's wishes, as the form starts with it. */
export function startingEstimate(t: Translate): Estimate {
  return said(t('preview.start'), t('preview.startAdvice'), t('preview.brief.start'));
}

/** Words that estimates are not made now: too many were asked for. */
export function restingEstimate(t: Translate): Estimate {
  return { ...said(t('preview.resting'), t('preview.restingAdvice'), t('preview.resting')), resting: true };
}

/** Words how much these wishes would bring. */
export async function estimateOf(t: Translate, config: Config, { from }: Asked): Promise<Estimate> {
  if (!from) return said(t('preview.noPapers'), '', t('preview.noPapers'));
  const { wishes } = from.wishes;
  const preferences = settledPreferences(from.wishes.preferences);
  if (wishes.length === 0) return startingEstimate(t);
  const findings = await findFor(from.papers, wishes, preferences);
  const volume = estimateVolume(from.papers, findings.fitting, preferences.cadence, preferences.maxPapers);
  const every = preferences.cadence === 'weekly' ? 'week' : 'day';
  return {
    headline: headlineOf(t, volume, every, 'preview.volume'),
    advice: t(`preview.advice.${volume.verdict}`, { max: preferences.maxPapers, every }),
    brief: headlineOf(t, volume, every, 'preview.brief'),
    authors: wishes.some(({ kind }) => kind === 'author') ? unseenAuthors(t, from.papers) : '',
    sample: from.papers.entries.every(({ source }) => isSampleSource(config, source)) ? t('preview.sample') : '',
    resting: false,
  };
}

/** Words an estimate within a page; asked for too often, it rests like the live one. */
export async function estimateWithin(web: Web, req: Request, asked: () => Promise<Asked>): Promise<Estimate> {
  const { visitor, words: t } = visitOf(req);
  const budget = await takePreview(web.ctx, visitor.ip);
  return budget.outcome === 'room' ? estimateOf(t, web.ctx.config, await asked()) : restingEstimate(t);
}

function said(headline: string, advice: string, brief: string): Estimate {
  return { headline, advice, brief, authors: '', sample: '', resting: false };
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
