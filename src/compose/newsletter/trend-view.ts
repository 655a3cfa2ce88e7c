import type { InterestTrend, NewsletterInput } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { interestName } from './interest-name.ts';
import { capitalised, cleanText, shorten } from '../text/clean-text.ts';

/** A topic's last weeks: a few bars, and the same in words, which is all that matters. */
export interface TrendView {
  /** Tells two views apart. */
  key: string;
  name: string;
  words: string;
  /** Heights in pixels, oldest first. */
  bars: number[];
}

/** Days of one bar: thirty cells would weigh more than a paper. */
const DAYS_A_BAR = 3;
const TALLEST = 24;
const NAME = 60;
/** Most topics shown: what stands above the papers is to be short. */
const SHOWN = { daily: 1, weekly: 2 };
/** Fewer days than this say nothing. */
const FEWEST_DAYS = 10;

/** Makes the views of the topics that have something to show, the one that the sentence of the day tells of first. */
export function trendViews(input: NewsletterInput, weekly: boolean, t: Translate): TrendView[] {
  if (!input.trends || input.trends.length === 0) return [];
  const told = input.dayLine?.interestId;
  const trends = [...input.trends].sort((a, b) => Number(b.interestId === told) - Number(a.interestId === told));
  const views = trends.flatMap((trend) => {
    const name = nameOf(input, trend, t);
    const total = sum(trend.days);
    if (name === '' || total === 0 || trend.days.length < FEWEST_DAYS) return [];
    const words = weekly ? movement(trend, t) : spread(trend, t);
    return [{ key: `${input.issuedOn} ${trend.interestId} ${weekly} ${name}`, name, words, bars: barsOf(trend.days) }];
  });
  return views.slice(0, weekly ? SHOWN.weekly : SHOWN.daily);
}

function spread({ days }: InterestTrend, t: Translate): string {
  return t('mail.trend', { count: sum(days), days: days.length, last: sum(days.slice(-7)) });
}

/** This week against the usual week before it. */
function movement({ days }: InterestTrend, t: Translate): string {
  const last = sum(days.slice(-7));
  const before = days.slice(0, -7);
  const usual = Math.round((sum(before) / before.length) * 7);
  return t('mail.trend.week', { last, usual, direction: last > usual ? 'up' : last < usual ? 'down' : 'same' });
}

function barsOf(days: readonly number[]): number[] {
  const bars: number[] = [];
  for (let end = days.length; end > 0; end -= DAYS_A_BAR)
    bars.unshift(sum(days.slice(Math.max(0, end - DAYS_A_BAR), end)));
  const most = Math.max(...bars, 1);
  return bars.map((count) => Math.max(2, Math.round((count / most) * TALLEST)));
}

function nameOf(input: NewsletterInput, { interestId, name }: InterestTrend, t: Translate): string {
  const match = input.papers.find((paper) => paper.match?.interestId === interestId)?.match;
  return capitalised(name === undefined && match ? interestName(match, t) : shorten(cleanText(name ?? ''), NAME));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
