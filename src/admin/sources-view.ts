import type { Request } from 'express';
import type { Context } from '../context.ts';
import { compareWithBefore, listsSince, type RecentList } from '../db/digests/recent-lists.ts';
import { listDigests, type DigestSummary } from '../db/digests/digests.ts';
import { listErrands, type Errand } from '../db/operator/errands.ts';
import { loadAskTimes, type AskTimes } from '../db/sources/addresses.ts';
import { loadAskedDays } from '../db/sources/standings.ts';
import { staysAway } from '../ingest/asking/pace.ts';
import { reasonsText } from '../lib/error-text.ts';
import { addDays } from '../lib/time.ts';
import { lastDayOf, type BackfillWish } from '../operate/errands/backfill.ts';
import { reportSources, type SourceReport } from '../operate/report-sources.ts';
import { calendarOf, CALENDAR_DAYS, usualTime } from './source-calendar.ts';
import { sayingFor, type Saying } from './saying.ts';

/** Most held lists shown on top, and titles named of what is new in one. */
const MOST_HELD = 20;
const TITLES = 3;
/** Newest backfills named at the end. */
const BACKFILLS = 5;

/** Prepares the page of the sources: what is held first, then how each source stands. */
export async function sourcesView(ctx: Context, req: Request) {
  const say = sayingFor(ctx, req);
  const reports = await reportSources(ctx);
  const names = [...new Set(reports.map(({ source }) => source))];
  const today = ctx.now().toISOString().slice(0, 10);
  const from = addDays(today, 1 - CALENDAR_DAYS);
  const [lists, times, asked, held, backfills] = await Promise.all([
    listsSince(ctx.db, names, from),
    loadAskTimes(ctx.db, names),
    loadAskedDays(ctx.db, names, from),
    listDigests(ctx.db, { limit: MOST_HELD, states: ['held'] }),
    listErrands(ctx.db, 'source.backfill', BACKFILLS),
  ]);
  const troubled = reports.filter(isInTrouble).length;
  return {
    sentence: say.words('admin.sources.sentence', { held: held.rows.length, troubled, sources: reports.length }),
    held: await Promise.all(held.rows.map((row) => heldView(ctx, row, say))),
    sources: reports.map((report) =>
      sourceView(
        report,
        {
          lists: lists.filter(({ source }) => source === report.source),
          asked: new Map((asked.get(report.source) ?? []).map(({ day, answered }) => [day, answered])),
          times: times.get(report.source),
          now: ctx.now(),
          today,
          past: lastDayOf(ctx, report.source),
        },
        say,
      ),
    ),
    backfills: backfills.map((errand) => backfillView(errand, say)),
  };
}

/** One that failed when it was last asked is not well, though nobody is told of it yet. */
function isInTrouble({ state, record }: SourceReport): boolean {
  return state === 'failing' || state === 'silent' || (record?.failingSince ?? null) !== null;
}

async function heldView(ctx: Context, row: RecentList & Pick<DigestSummary, 'reasons' | 'why'>, { words }: Saying) {
  const { id, source, digestOn, entryCount: n } = row;
  const difference = await compareWithBefore(ctx.db, row);
  return {
    ...{ id, path: `/admin/digests/${id}`, reasons: reasonsText(row.why, row.reasons, words).join(' · ') },
    name: words('admin.sources.heldList', { source, day: digestOn, n }),
    verdict: words(`admin.digests.verdict.${row.verdict}`),
    difference: difference
      ? words('admin.sources.difference', {
          ...{
            day: difference.before,
            added: difference.added.length,
            gone: difference.gone.length,
            both: difference.both,
          },
        })
      : '',
    titles: difference?.added.slice(0, TITLES) ?? [],
  };
}

function backfillView({ id, state, wish, done, total }: Errand, { words, count }: Saying) {
  const { source, from, to } = wish as unknown as BackfillWish;
  return {
    href: `/admin/errands/${id}`,
    name: words('admin.sources.pastOne', { source, from, to }),
    says: words(`admin.errands.${state}`, { done: count(done), total: count(total ?? done) }),
  };
}

/** When a source is asked next: not before the time until which it asked us to stay away. */
function nextOf({ dueAt, retryAt }: AskTimes, now: Date): Date | null {
  return retryAt && staysAway([{ retryAt }], now) && !(dueAt && dueAt > retryAt) ? retryAt : dueAt;
}

interface Around {
  lists: RecentList[];
  asked: ReadonlyMap<string, boolean>;
  times: AskTimes | undefined;
  now: Date;
  today: string;
  /** The last day that it can be asked for as past; null where it tells its newest alone. */
  past: string | null;
}

function sourceView(report: SourceReport, { lists, asked, times, now, today, past }: Around, say: Saying) {
  const { words, when, language } = say;
  const { source, location, record, state, quietWeekdays, habit } = report;
  const [last] = lists;
  const usual = usualTime(
    lists.filter(({ state }) => state !== 'discarded').map(({ arrivedAt }) => arrivedAt),
    language,
  );
  const moment = (at: Date | null | undefined) => (when(at ?? null) as { when?: unknown }).when ?? null;
  return {
    ...{ source, location, path: `/admin/sources/${source}`, trouble: isInTrouble(report) },
    state: words(`admin.sources.state.${state}`, { quiet: quietWeekdays, habit }),
    failing: moment(record?.failingSince),
    problem: record?.failure ? reasonsText(record.said && [record.said], [record.failure], words).join('') : '',
    last: last
      ? {
          ...{ href: `/admin/digests/${last.id}`, at: moment(last.arrivedAt) },
          text: words('admin.sources.lastList', { day: last.digestOn, n: last.entryCount }),
          verdict: words(`admin.digests.verdict.${last.verdict}`),
        }
      : null,
    ...{
      asked: moment(times?.askedAt ?? record?.lastSuccessAt),
      next: moment(times && nextOf(times, now)),
      usual: usual ?? '',
    },
    past,
    days: calendarOf({ lists, asked, today }, say),
  };
}
