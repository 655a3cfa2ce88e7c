import type { Request } from 'express';
import { visitOf } from '../http/visit.ts';
import { findFor } from '../preview/find-wishes.ts';
import { countMuted } from '../preview/mute-costs.ts';
import { takePreview } from '../subscribers/budgets.ts';
import { settledPreferences } from '../subscribers/asked-preferences.ts';
import { estimateFrom, estimateOf, restingEstimate, type Estimate } from './live-estimate.ts';
import type { Asked } from './live-preview.ts';
import type { Web } from './respond.ts';

/** What a page of settings counts: how much would come, and what each muted wish left out, by `muteKey`. */
export interface ReaderCounts {
  estimate: Estimate;
  costs: Record<string, number>;
}

/** Counts for a page of settings, in turn with all who ask; asked for too often, the estimate rests. */
export async function readerCounts(web: Web, req: Request, asked: Asked): Promise<ReaderCounts> {
  const { visitor, words: t, language } = visitOf(req);
  const budget = await takePreview(web.ctx, visitor.ip);
  if (budget.outcome !== 'room') return { estimate: restingEstimate(t), costs: {} };
  const make = async () => JSON.stringify(await count(web, req, asked));
  return JSON.parse(await web.counted.get(['reader', language, asked.key], make)) as ReaderCounts;
}

async function count({ ctx }: Web, req: Request, asked: Asked): Promise<ReaderCounts> {
  const t = visitOf(req).words;
  const { from } = asked;
  if (!from || from.wishes.wishes.length === 0) return { estimate: await estimateOf(t, ctx.config, asked), costs: {} };
  const preferences = settledPreferences(from.wishes.preferences);
  const findings = await findFor(from.papers, from.wishes.wishes, preferences);
  const costs = countMuted(from.papers, from.wishes.wishes, preferences, findings);
  return { estimate: estimateFrom(t, ctx.config, from, findings), costs: Object.fromEntries(costs) };
}
