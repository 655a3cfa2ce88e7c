import type { RecentList } from '../db/digests/recent-lists.ts';
import { addDays, weekdayOf } from '../lib/time.ts';
import type { Saying } from './saying.ts';

/** Days that a source's calendar shows. */
export const CALENDAR_DAYS = 30;

/** A day of a source, as a square. */
export interface CalendarDay {
  /** Its class: what came. */
  look: 'fresh' | 'quiet' | 'held' | 'released' | 'discarded' | 'none' | 'silent' | 'rest';
  sign: string;
  text: string;
  href: string;
}

const SIGNS: Readonly<Record<CalendarDay['look'], string>> = {
  ...{ fresh: '', quiet: '–', held: '!', released: '✓', discarded: '×', none: '', silent: '?', rest: '' },
};

/** Prepares the squares of a source's last days, oldest first; each says in words what came. */
export function calendarOf(
  { lists, asked, today }: { lists: readonly RecentList[]; asked: ReadonlyMap<string, boolean>; today: string },
  { words, language }: Saying,
): CalendarDay[] {
  const byDay = new Map(lists.map((list) => [list.digestOn, list]));
  const dayName = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' },
  });
  return Array.from({ length: CALENDAR_DAYS }, (_, at) => {
    const day = addDays(today, at + 1 - CALENDAR_DAYS);
    const list = byDay.get(day);
    const look = list ? lookOf(list) : lookWithout(day, asked);
    const n = list?.entryCount ?? 0;
    const text = `${dayName.format(new Date(`${day}T00:00:00Z`))}: ${words(`admin.sources.day.${look}`, { n })}`;
    return { look, sign: SIGNS[look], text, href: list ? `/admin/digests/${list.id}` : '' };
  });
}

function lookOf({ state, verdict }: RecentList): CalendarDay['look'] {
  if (state !== 'accepted') return state;
  return verdict === 'quiet' ? 'quiet' : 'fresh';
}

/** Without a list: the weekend, an answer that held none, no answer, or a day before it was asked. */
function lookWithout(day: string, asked: ReadonlyMap<string, boolean>): CalendarDay['look'] {
  const answered = asked.get(day);
  if (answered === false) return 'silent';
  return weekdayOf(day) > 5 ? 'rest' : 'none';
}

/** Names the time of day by which a source's list is usually there: the median of its arrivals; null where too few. */
export function usualTime(arrivals: readonly Date[], language: string, timeZone?: string): string | null {
  if (arrivals.length < 3) return null;
  const clock = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ hour: '2-digit', minute: '2-digit', ...(timeZone && { timeZone }) },
  });
  return arrivals.map((at) => clock.format(at)).sort()[Math.floor(arrivals.length / 2)] ?? null;
}
