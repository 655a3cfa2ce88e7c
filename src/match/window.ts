import { addDays } from '../lib/time.ts';

/** Days added to the content window: slots that are a little late, and zones ahead of or behind UTC. */
const MARGIN_DAYS = 4;

/**
 * Returns the first list day, YYYY-MM-DD, that the matcher looks at: the content window of today, or of the newest list
 * where that is older (the welcome newsletter draws on it). What a paper scores depends on those beside it, so whoever
 * shows what would be sent asks for the same.
 */
export function windowStartOf(today: string, newestListOn: string | null, contentDays: number): string {
  return addDays(newestListOn !== null && newestListOn < today ? newestListOn : today, -(contentDays + MARGIN_DAYS));
}
