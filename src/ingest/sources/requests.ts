import { addDays } from '../../lib/time.ts';

/**
 * How many list days before today are asked for again: lists fill during the day and after week-ends, and a service may
 * have been down.
 */
const DAYS_BACK = 4;

/**
 * Returns the URLs to get for a source at an instant: the URL itself, or one for each of the last days (UTC, oldest
 * first) where it holds `{date}`, as in `https://huggingface.co/api/daily_papers?date={date}`.
 */
export function requestsFor(location: string, now: Date): string[] {
  if (!location.includes('{date}')) return [location];
  const today = now.toISOString().slice(0, 10);
  return Array.from({ length: DAYS_BACK + 1 }, (_, index) =>
    location.replaceAll('{date}', addDays(today, index - DAYS_BACK)),
  );
}
