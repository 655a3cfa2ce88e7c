import type { Request } from 'express';
import { loadWishes } from '../db/subscribers/subscribers.ts';
import { tokenOf } from '../http/parameters.ts';
import { visitOf } from '../http/visit.ts';
import { COST_DAYS, countWords, type WordCount } from '../preview/mute-costs.ts';
import { takePreview } from '../subscribers/budgets.ts';
import { readerOf } from '../subscribers/reader-of.ts';
import type { Web } from './respond.ts';
import { wordsToMute } from './words-to-mute.ts';

/** A word that may be muted, and how much it would leave out. */
export interface OfferedWord {
  value: string;
  label: string;
  /** '' where nothing was counted. */
  hint: string;
}

/** Offers the words of a title to be muted, each with how often it stands in the last lists, the costly ones last. */
export async function muteOffer(web: Web, req: Request, title: string): Promise<OfferedWord[]> {
  const words = wordsToMute(title);
  const counted = words.length > 0 ? await count(web, req, words) : null;
  if (!counted) return words.map((word) => ({ value: word, label: word, hint: '' }));
  const t = visitOf(req).words;
  return counted.map(({ word, count: n, total, most }) => {
    const hint = t('react.mute.count', { n, total, days: COST_DAYS });
    return { value: word, label: word, hint: most ? `${hint}: ${t('react.mute.most')}` : hint };
  });
}

/** Counts as often as previews are made, and not before the first digest. */
async function count(web: Web, req: Request, words: readonly string[]): Promise<WordCount[] | null> {
  const { ctx } = web;
  if ((await takePreview(ctx, visitOf(req).visitor.ip)).outcome !== 'room') return null;
  const reader = await readerOf(ctx, ctx.db, 'react', tokenOf(req));
  const papers = reader && (await web.recentPapers());
  if (!papers) return null;
  const wishes = await loadWishes(ctx.db, reader.id);
  const make = async () => JSON.stringify(await countWords(papers, words, wishes, reader));
  const key = ['words', papers.version, words, wishes, reader.selectivity];
  return JSON.parse(await web.counted.get(key, make)) as WordCount[];
}
