import type { Context } from '../../context.ts';
import { listDaysSince } from '../../db/digests/digests.ts';
import type { KnownAddress } from '../../db/sources/addresses.ts';
import { addDays } from '../../lib/time.ts';
import type { SourceSetting } from '../../source-settings.ts';
import { DAYS_BACK, MOST_PAGES, nextPage } from '../sources/requests.ts';

/** How far back a list is asked for that an outage kept from us. */
const MOST_DAYS_BACK = 30;
const DAY_MS = 86_400_000;

/**
 * Lists the days, oldest first, since the first one a source had that it is not asked for any more by itself and that
 * are missing: once the day was over, not each page of it gave an answer that was stored; and where it was never asked
 * for, there is no list of it either.
 */
export async function missingDays(
  ctx: Pick<Context, 'db' | 'now'>,
  { name, location }: SourceSetting,
  knownOf: (url: string) => KnownAddress | undefined,
): Promise<string[]> {
  if (!location.includes('{date}')) return [];
  const today = ctx.now().toISOString().slice(0, 10);
  const from = addDays(today, -MOST_DAYS_BACK);
  const { first, days } = await listDaysSince(ctx.db, name, from);
  if (first === null) return [];
  return Array.from({ length: MOST_DAYS_BACK - DAYS_BACK }, (_, at) => addDays(from, at)).filter((day) => {
    const url = location.replaceAll('{date}', day);
    return day > first && (knownOf(url) ? !isWhole(day, url, knownOf) : !days.has(day));
  });
}

/** Tells whether every page of a day answered once the day was over. */
function isWhole(day: string, first: string, knownOf: (url: string) => KnownAddress | undefined): boolean {
  const over = Date.parse(day) + DAY_MS;
  let url: string | null = first;
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const known = knownOf(url);
    if (!known?.answeredAt || known.answeredAt.getTime() < over) return false;
    url = nextPage(url, known.listed);
  }
  return true;
}
