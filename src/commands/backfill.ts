import type { Context } from '../context.ts';
import { backfill, type BackfillCounts } from '../ingest/backfill.ts';
import { pastRequest } from '../ingest/sources/past-requests.ts';
import { AppError } from '../lib/errors.ts';
import { isDate } from '../lib/time.ts';
import { readSource, type SourceSetting } from '../source-settings.ts';
import { startProgress } from './progress.ts';
import { onWait, printJson, printTable, withContext } from './support.ts';

/** Takes in the lists of past days: of the sources named, else of all in SOURCES that can tell them. */
export async function backfillSources(
  words: readonly string[],
  wanted: readonly string[],
  json: boolean,
): Promise<void> {
  const [from = '', to = ''] = words;
  if (!isDate(from) || !isDate(to))
    throw new AppError('bad-input', `--backfill ${words.join(' ')}: expected two dates, such as 2025-01-01 2025-12-31`);
  const names = [...words.slice(2), ...wanted]; // what stands behind the dates is no date of theirs
  await withContext(async (ctx) => {
    const done: BackfillCounts[] = [];
    for (const source of sourcesOf(ctx, names)) {
      const bar = startProgress(source.name);
      const counts = await backfill(
        ctx,
        source,
        { from, to },
        { progress: (at, total) => bar.update(at, total), onWait },
      ).finally(() => bar.stop());
      if (json) printJson(counts);
      done.push(counts);
    }
    if (!json)
      printTable(
        done.map(({ problems, ...counts }) => ({ ...counts, problems: problems.length })),
        'No source.',
      );
    const problems = done.flatMap((counts) => counts.problems.map((problem) => `${counts.source}, ${problem}`));
    if (problems.length > 0)
      throw new AppError(
        'unavailable',
        `${problems.join('\n')}\nThe same command asks again for what gave no answer; an answer that came is kept, and not asked for again.`,
      );
  });
}

function sourcesOf(ctx: Context, names: readonly string[]): SourceSetting[] {
  const { SOURCES } = ctx.config;
  if (names.length === 0) {
    const all = SOURCES.filter(({ location }) => pastRequest(location) !== null);
    if (all.length > 0) return all;
    throw new AppError(
      'bad-input',
      'No source of SOURCES can tell its past; expected one such as hf, arxiv:cs.CL or biorxiv.',
    );
  }
  return names.map((name) => {
    const preset = readSource(name);
    const known = SOURCES.find((source) => source.name === name || source.location === preset?.location);
    const found = known ?? preset;
    if (found) return found;
    throw new AppError(
      'bad-input',
      `«${name}»: expected the name of a source in SOURCES, or one such as hf or arxiv:cs.CL`,
    );
  });
}
