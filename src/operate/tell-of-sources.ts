import type { Context } from '../context.ts';
import { alarmedSince } from '../db/operator/digest-alarms.ts';
import { noteTold } from '../db/sources/standings.ts';
import { reportSources, type SourceReport } from './report-sources.ts';
import { newsOf } from '../ingest/source-standing.ts';
import type { Actor } from '../model/actor.ts';
import type { SourceTrouble } from '../model/source.ts';
import { tellOperator, type Telling } from './tell-operator.ts';

/**
 * Tells the operator of each source that fails or is silent, once, and once that it is well again. Returns how many
 * mails were planned; none where ADMIN_EMAIL is unset.
 */
export async function tellOfSources(ctx: Context, by: Actor): Promise<number> {
  const email = ctx.config.ADMIN_EMAIL;
  if (!email) return 0;
  const now = ctx.now();
  let told = 0;
  for (const report of await reportSources(ctx)) {
    const { source, record } = report;
    if (!record) continue;
    const news = newsOf(record, report);
    if (!news) continue;
    if (!(await isSaid(ctx, email, report))) {
      await tellOperator(ctx, news === 'well' ? wellAgain(report) : troubleOf(report, news), by);
      told++;
    }
    await noteTold(ctx.db, source, news === 'well' ? null : news, now);
  }
  return told;
}

/** An alarm over something that came of it told of the same trouble: only its end is news then. */
async function isSaid(ctx: Context, email: string, { source, state, record }: SourceReport): Promise<boolean> {
  if (state === 'well') return false;
  const since = state === 'failing' ? record?.lastSuccessAt : record?.lastNewAt;
  return alarmedSince(ctx.db, email, { source, since: since ?? null });
}

/** What an operator can do, whichever the trouble. */
const HOW_TO_LOOK =
  'How every source stands: npx offprint sources. You hear of this one again when it is well, not before.';

function troubleOf({ source, location, record, quietWeekdays }: SourceReport, trouble: SourceTrouble): Telling {
  const last = record?.lastNewAt?.toISOString() ?? 'never';
  if (trouble === 'failing') {
    const since = record?.failingSince?.toISOString() ?? '';
    return {
      key: `source:${source}:failing:${since}`,
      subject: `The source ${source} fails`,
      lines: [
        `It has failed since ${since}: ${record?.failure ?? 'it did not answer'}`,
        `It is asked again as ever. Last success: ${record?.lastSuccessAt?.toISOString() ?? 'never'}. Place: ${location}`,
        HOW_TO_LOOK,
      ],
    };
  }
  return {
    key: `source:${source}:silent:${last}`,
    subject: `The source ${source} is silent`,
    lines: [
      `It answers, but has had nothing new for ${quietWeekdays} weekdays, longer than it used to. The last new entry came: ${last}.`,
      `Perhaps it moved, or stopped. Place: ${location}`,
      HOW_TO_LOOK,
    ],
  };
}

function wellAgain({ source, record }: SourceReport): Telling {
  return {
    key: `source:${source}:well:${record?.toldAt?.toISOString() ?? ''}`,
    subject: `The source ${source} is well again`,
    lines: [
      `Last success: ${record?.lastSuccessAt?.toISOString() ?? 'never'}. The last new entry came: ${record?.lastNewAt?.toISOString() ?? 'never'}.`,
    ],
  };
}
