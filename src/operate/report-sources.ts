import type { Context } from '../context.ts';
import { loadAskedDays, loadNewsDays, loadSources } from '../db/sources/standings.ts';
import { shownAddress } from '../lib/redact.ts';
import { addDays } from '../lib/time.ts';
import type { SourceRecord } from '../model/source.ts';
import { isUrl } from '../ingest/fetch.ts';
import { standingOf, type Standing } from '../ingest/source-standing.ts';
import { isSampleSource } from '../samples.ts';

/** A source of the settings and how it stands. */
export interface SourceReport extends Standing {
  source: string;
  /** Folder, or address without its secrets. */
  location: string;
  /** Null where it was never asked. */
  record: SourceRecord | null;
}

/** Days over which answers are counted; longer waits than these are trouble whatever the habit. */
const REMEMBERED_DAYS = 120;

/** Reports how every source of the settings stands, in their order. The samples of Offprint are never silent. */
export async function reportSources(ctx: Pick<Context, 'db' | 'config' | 'now'>): Promise<SourceReport[]> {
  const { SOURCES: sources } = ctx.config;
  const now = ctx.now();
  const names = [...new Set(sources.map(({ name }) => name))];
  const from = addDays(now.toISOString().slice(0, 10), -REMEMBERED_DAYS);
  const [records, newsDays, askedDays] = await Promise.all([
    loadSources(ctx.db, names),
    loadNewsDays(ctx.db, names),
    loadAskedDays(ctx.db, names, from),
  ]);
  return sources.map(({ name, location }) => {
    const record = records.get(name) ?? null;
    const answeredDays = (askedDays.get(name) ?? []).flatMap(({ day, answered }) => (answered ? [day] : []));
    const standing = standingOf({ record, newsDays: newsDays.get(name) ?? [], answeredDays }, now);
    const isQuietSample = standing.state === 'silent' && isSampleSource(ctx.config, name);
    return {
      source: name,
      location: isUrl(location) ? shownAddress(location).replaceAll('%7Bdate%7D', '{date}') : location,
      record,
      ...standing,
      state: isQuietSample ? 'well' : standing.state,
    };
  });
}
