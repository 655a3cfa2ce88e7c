import { addDays } from '../lib/time.ts';
import type { Listing, ParsedEntry } from '../model/digest.ts';

/** From this age on, in days, a paper is no news, whatever lists it; a curated list may dig one out. */
const OLD_DAYS = 60;
/** What a source has shown for longer than this, in days, when it is first seen, was news before. */
const FIRST_SIGHT_DAYS = 3;

/**
 * Tells whether a paper on a list may come to readers as news, by its own date. A stream seen for the first time shows
 * months of papers: there only the last days are news, and what bears no date is not.
 */
export function isNews(
  { publishedOn }: Pick<ParsedEntry, 'publishedOn'>,
  list: { digestOn: string; listing: Listing; firstSight: boolean },
): boolean {
  const { digestOn, listing, firstSight } = list;
  if (listing === 'curated') return true;
  if (listing === 'stream' && firstSight) {
    return publishedOn !== null && publishedOn > addDays(digestOn, -FIRST_SIGHT_DAYS);
  }
  return publishedOn === null || publishedOn > addDays(digestOn, -OLD_DAYS);
}
