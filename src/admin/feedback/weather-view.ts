import type { Context } from '../../context.ts';
import { openOutages } from '../../db/feedback/outages.ts';
import { findStrange, readWeather } from '../../db/feedback/weather.ts';
import { urlOf } from '../../http/pager.ts';
import { addDays } from '../../lib/time.ts';
import { maskedText } from '../../model/masked.ts';
import type { Saying } from '../saying.ts';
import { weatherCharts } from './weather-charts.ts';

/** So many days and destinations are shown, and refusals that no rule knows. */
const DAYS = 30;
const DESTINATIONS = 30;
const STRANGE = 20;
const DAY_MS = 86_400_000;

/** Prepares how destinations answer: what erred and what nobody understands first. */
export async function weatherView(ctx: Context, say: Saying, find: string) {
  const now = ctx.now();
  const today = now.toISOString().slice(0, 10);
  const since = addDays(today, 1 - DAYS);
  const rows = await readWeather(ctx.db, { since, find, most: DESTINATIONS });
  const outages = await openOutages(ctx.db);
  const unknown = await findStrange(ctx.db, new Date(now.getTime() - DAYS * DAY_MS), STRANGE);
  return {
    find,
    outages: outages.map(({ destination, beganAt, probeAt, refusedAt, reply }) => ({
      says: say.words('admin.weather.outage', { destination }),
      reply: maskedText(reply),
      ...{ since: say.moment(beganAt), last: say.moment(refusedAt), next: say.moment(probeAt) },
      href: urlOf('/admin/feedback', { destination }),
    })),
    strange: unknown.map(({ line, count, destination, destinations, firstAt }) => ({
      line: maskedText(line),
      says: say.words('admin.weather.strange.says', { n: count, destination, more: destinations - 1 }),
      first: say.moment(firstAt),
      command: say.words('admin.weather.command', { line: maskedText(line).replaceAll("'", '’') }),
      href: urlOf('/admin/feedback', { destination }),
    })),
    charts: weatherCharts(rows, { today, days: DAYS }, say),
    empty: say.words(find === '' ? 'admin.weather.empty' : 'admin.weather.none', { find }),
  };
}
