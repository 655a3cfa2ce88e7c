import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError } from '../lib/errors.ts';
import { checkRow, type CsvRecord } from '../subscribers/csv-rows.ts';
import { importRows } from '../subscribers/import-rows.ts';
import { printJson } from './support.ts';

/** The options of `subscribers add`. */
export interface AddOptions {
  topic?: string[];
  interest?: string[];
  author?: string[];
  organization?: string[];
  mute?: string[];
  like?: string[];
  cadence?: string;
  weekday?: string;
  hour?: string;
  timeZone?: string;
  maxPapers?: string;
  language?: string;
  consentAt?: string;
  consentSource?: string;
  json?: boolean;
}

/** Adds one reader as a row of an import would. Throws AppError bad-input or conflict with the reason. */
export async function addFromOptions(ctx: Context, email: string, options: AddOptions): Promise<void> {
  const topics = new Set((await listTopics(ctx.db)).map(({ slug }) => slug));
  const checked = checkRow(recordOf(email, options), 1, { topics, maxPapers: ctx.config.MAX_PAPERS }, ctx.now());
  if (!checked.ok) throw new AppError('bad-input', checked.reason);
  const { rejected } = await importRows(ctx, [checked.row], { actor: 'cli', source: 'cli' });
  if (rejected[0]) throw new AppError('conflict', `${rejected[0].email}: ${rejected[0].reason}`);
  const { status } = checked.row;
  if (options.json) printJson({ email: checked.row.email, status });
  else
    process.stdout.write(
      status === 'confirmed' ? 'added, confirmed\n' : 'added, pending: a confirmation mail is planned\n',
    );
}

function recordOf(email: string, options: AddOptions): CsvRecord {
  const list = (texts: string[] = []) => texts.map((text) => text.replaceAll(';', '\\;')).join(';');
  const { cadence = '', weekday = '', hour = '', timeZone = '', maxPapers = '', language = '' } = options;
  return {
    ...{ email, cadence, weekday, hour, time_zone: timeZone, max_papers: maxPapers, language },
    topics: list(options.topic),
    interests: list(options.interest),
    authors: list(options.author),
    organizations: list(options.organization),
    muted: list(options.mute),
    like: list(options.like),
    status: options.consentAt || options.consentSource ? 'confirmed' : '',
    consent_at: options.consentAt ?? '',
    consent_source: options.consentSource ?? '',
  };
}
