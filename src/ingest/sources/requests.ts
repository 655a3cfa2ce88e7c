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

/** Most pages of one answer: thirty times a hundred papers are more than a day has. */
export const MOST_PAGES = 30;

/** Counts what one page of an answer lists; null where its address knows no pages. */
export function listedOn(url: string, bytes: Uint8Array): number | null {
  return BIORXIV.test(url) ? collectionLength(bytes) : null;
}

/**
 * Returns the address of the page after one that listed so many; null where it is the last one, or knows no pages.
 * bioRxiv's API gives some thirty preprints at a time, from the one whose number stands in the path
 * (https://api.biorxiv.org).
 */
export function nextPage(url: string, listed: number | null): string | null {
  const path = BIORXIV.exec(url);
  if (!path || !listed) return null;
  return `${path[1] ?? ''}${Number(path[2]) + listed}${path[3] ?? ''}`;
}

const BIORXIV =
  /^(https:\/\/api\.(?:biorxiv|medrxiv)\.org\/details\/[a-z]+\/[^/?]+\/[^/?]+\/)(\d{1,6})((?:\/json)?(?:\?.*)?)$/;

function collectionLength(bytes: Uint8Array): number {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const list = typeof answer === 'object' && answer !== null && 'collection' in answer ? answer.collection : null;
    return Array.isArray(list) ? list.length : 0;
  } catch {
    return 0;
  }
}
