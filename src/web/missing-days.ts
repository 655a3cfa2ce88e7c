import { addDays, weekdayOf } from '../lib/time.ts';
import type { Translate } from '../lib/strings.ts';

/** No pause is told of beyond this, in days: a list may bear any date. */
const LONGEST_DAYS = 1_000;

/** What is known of asking: on which days each source was asked, and whether it answered. */
export type AskedDays = ReadonlyMap<string, readonly { day: string; answered: boolean }[]>;

/** Weekdays in a row without a list, for one reason; the newest first, as lists are. */
export interface MissingDays {
  newest: string;
  oldest: string;
  weekdays: number;
  answered: string[];
  failed: string[];
}

/**
 * Tells why there is no list between two days, neither of them included, oldest and newest as YYYY-MM-DD: runs of
 * weekdays with one reason, newest first.
 */
export function missingBetween(oldest: string, newest: string, asked: AskedDays): MissingDays[] {
  const runs: MissingDays[] = [];
  const known = byDay(asked);
  const end = addDays(newest, -LONGEST_DAYS);
  for (let day = addDays(newest, -1); day > oldest && day > end; day = addDays(day, -1)) {
    if (weekdayOf(day) > 5) continue;
    const { answered = [], failed = [] } = known.get(day) ?? {};
    const last = runs.at(-1);
    if (last && sameNames(last.answered, answered) && sameNames(last.failed, failed)) {
      last.oldest = day;
      last.weekdays++;
    } else runs.push({ newest: day, oldest: day, weekdays: 1, answered, failed });
  }
  return runs;
}

/** Says why days have no list: which sources had none, which failed, or that none was asked. */
export function whyMissing(t: Translate, named: (source: string) => string, days: MissingDays): string {
  const list = (sources: string[]) => [...new Set(sources.map(named))].join(', ');
  const { answered, failed } = days;
  const reasons = [
    ...(answered.length > 0 ? [t('digests.gap.nothing', { sources: list(answered) })] : []),
    ...(failed.length > 0 ? [t('digests.gap.failed', { sources: list(failed) })] : []),
  ];
  return reasons.length > 0 ? reasons.join(' ') : t('digests.gap.unasked');
}

function byDay(asked: AskedDays): Map<string, { answered: string[]; failed: string[] }> {
  const days = new Map<string, { answered: string[]; failed: string[] }>();
  for (const [source, list] of asked) {
    for (const { day, answered } of list) {
      const known = days.get(day) ?? { answered: [], failed: [] };
      known[answered ? 'answered' : 'failed'].push(source);
      days.set(day, known);
    }
  }
  return days;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.join(' ') === others.join(' ');
}
