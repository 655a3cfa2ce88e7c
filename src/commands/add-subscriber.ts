import { Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import { CADENCES } from '../model/subscriber.ts';
import { AppError } from '../lib/errors.ts';
import { joinLine, joinList } from '../model/wish-lines.ts';
import type { CsvRecord } from '../subscribers/csv/columns.ts';
import { checkRow } from '../subscribers/csv/rows.ts';
import { importRows } from '../subscribers/import-rows.ts';
import { listOption, printJson, selectivityOption, withContext } from './support.ts';

/** The options of `subscribers add`. */
interface AddOptions {
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
  selectivity?: string;
  perhaps?: boolean;
  language?: string;
  consentAt?: string;
  consentSource?: string;
  json?: boolean;
}

/** What a reader may ask for, each as often as they like. */
const WISHES = {
  '--topic <slug>': 'topic',
  '--interest <text>': 'free words',
  '--author <name>': 'author',
  '--organization <name>': 'organisation',
  '--mute <text>': 'muted words',
  '--like <paper>': 'a paper as example: arXiv id, DOI or title',
};

/** Describes `subscribers add`. */
export function addCommand(command: Command): void {
  for (const [flag, what] of Object.entries(WISHES)) command.option(flag, `${what}; may be repeated`, listOption);
  command
    .description('add one reader; without evidence of consent they are asked by mail')
    .argument('<email>')
    .addOption(new Option('--cadence <cadence>').choices([...CADENCES]))
    .option('--weekday <1-7>', 'of the weekly newsletter, 1 = Monday')
    .option('--hour <0-23>', 'local hour')
    .option('--time-zone <zone>', 'IANA time zone')
    .option('--max-papers <n>', 'papers per newsletter')
    .addOption(selectivityOption())
    .option('--perhaps', 'also one line each for papers somewhat below the line')
    .option('--language <language>')
    .option('--consent-at <instant>', 'when they agreed')
    .option('--consent-source <text>', 'where they agreed; with --consent-at they are confirmed at once')
    .option('--json', 'print one object')
    .action((email: string, options: AddOptions) => withContext((ctx) => addFromOptions(ctx, email, options)));
}

/** Adds one reader as a row of an import would. Throws AppError bad-input or conflict with the reason. */
async function addFromOptions(ctx: Context, email: string, options: AddOptions): Promise<void> {
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
  const list = (texts: string[] = []) => joinList(texts);
  const { cadence = '', weekday = '', hour = '', timeZone = '', maxPapers = '' } = options;
  const { selectivity = '', language = '' } = options;
  return {
    ...{ email, cadence, weekday, hour, time_zone: timeZone, max_papers: maxPapers, selectivity, language },
    topics: list(options.topic),
    interests: list(options.interest),
    authors: list(options.author),
    organizations: list(options.organization),
    muted: list(options.mute),
    like: joinLine(options.like ?? []),
    perhaps: options.perhaps ? 'yes' : '',
    status: options.consentAt || options.consentSource ? 'confirmed' : '',
    consent_at: options.consentAt ?? '',
    consent_source: options.consentSource ?? '',
  };
}
