import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { newestTrace } from '../db/operator/newest-trace.ts';
import { findHold } from '../db/sending/holds.ts';
import { listFiles, mustBeJournals } from '../journal/files.ts';
import { newReading, readJournal, type Reading } from '../journal/read-journal.ts';
import type { Replayed } from '../journal/replay-journal.ts';
import { AppError } from '../lib/errors.ts';
import { replayInto } from '../operate/replay-journal.ts';
import { startProgress } from './progress.ts';
import { instantOption, listOption, printJson, printTable, withContext } from './support.ts';

interface Flags {
  dir?: string[];
  json?: boolean;
}

interface ReplayFlags extends Flags {
  since?: Date;
  dryRun?: boolean;
}

/** `offprint journal …`: what was promised and done, kept outside the database for when that is restored. */
export function journalCommand(): Command {
  const command = new Command('journal');
  reading(command, 'show', 'list the files of the journal').action(show);
  reading(command, 'verify', 'read every line; exit code 1 where one is damaged').action(verify);
  reading(
    command,
    'replay',
    'bring into a restored database what happened after its snapshot; while no other process runs',
  )
    .option(
      '--since <instant>',
      'when the snapshot was taken; what a hold says of it by default, else the last sign of life in the database',
      instantOption,
    )
    .option('--dry-run', 'only tell what would be done')
    .action((flags: ReplayFlags) => withContext((ctx) => replay(ctx, flags)));
  return command;
}

function reading(parent: Command, name: string, does: string): Command {
  return parent
    .command(name)
    .description(does)
    .option('--dir <folder>', 'the journal of another machine, instead of our own; may be repeated', listOption)
    .option('--json', 'print objects, one a line');
}

/** The folders that are asked for, which must be there; else our own, which may be still to come. */
async function foldersOf({ dir }: Flags): Promise<string[]> {
  if (dir) {
    await mustBeJournals(dir);
    return dir;
  }
  const { JOURNAL_DIR } = loadConfig();
  if (JOURNAL_DIR === undefined)
    throw new AppError('bad-input', 'No journal is kept (JOURNAL_DIR=off): expected --dir.');
  return [JOURNAL_DIR];
}

async function show(flags: Flags): Promise<void> {
  const files = (await Promise.all((await foldersOf(flags)).map(listFiles))).flat();
  const rows = files.map(({ day, writer, part, path }) => ({ day, process: writer, part, path }));
  if (flags.json) rows.forEach(printJson);
  else printTable(rows, 'nothing yet');
}

async function verify(flags: Flags): Promise<void> {
  const found = newReading();
  const everything = { folders: await foldersOf(flags), since: new Date(0), keyMark: null };
  for await (const _ of readJournal(everything, found)) void _;
  if (flags.json) printJson(found);
  else process.stdout.write(`${inWords(found)}\n`);
  process.exitCode = found.damaged > 0 ? 1 : 0;
}

async function replay(ctx: Context, flags: ReplayFlags): Promise<void> {
  const folders = await foldersOf(flags);
  const hold = await findHold(ctx.db); // what was done since it came back is the newest sign of life
  const since = flags.since ?? hold?.snapshotAt ?? (await newestTrace(ctx.db));
  if (!since) throw new AppError('bad-input', 'This database knows of no process that ever ran: expected --since.');
  const bar = startProgress('files', { json: flags.json === true });
  const options = {
    ...{ folders, since, dryRun: flags.dryRun === true },
    progress: (done: number, total: number) => bar.update(done, total),
  };
  const replayed = await replayInto(ctx, options, 'cli').finally(() => bar.stop());
  if (flags.json) return printJson({ since, dryRun: options.dryRun, ...replayed });
  const head = `${options.dryRun ? 'Would bring' : 'Brought'} in what happened since ${since.toISOString()}:`;
  process.stdout.write(`${[head, ...replayedInWords(replayed)].join('\n')}\n`);
  if (hold && !options.dryRun) process.stderr.write('Nothing is sent yet; to let it go on: offprint resume\n');
}

/** Says what a replay did, a line each. */
export function replayedInWords(done: Replayed): string[] {
  return [
    `  ${done.sent} mails are sent, ${done.inDoubt} in doubt; ${done.knownMails} were known, ${done.papers} papers were not`,
    `  ${done.left} readers left, ${done.erased} were erased, ${done.suppressed} addresses are suppressed`,
    ...(done.moved > 0
      ? [`  ${done.moved} readers had moved to an address that is lost, and are paused: they must say it again`]
      : []),
    ...(done.mailsToNobody > 0
      ? [`  ${done.mailsToNobody} mails went to readers whom this database does not know, or to operators`]
      : []),
    `  read: ${inWords(done.reading)}`,
  ];
}

function inWords({ files, lines, torn, damaged, foreign, first, last }: Reading): string {
  const span = first && last ? `, ${first.toISOString()} to ${last.toISOString()}` : '';
  const odd = [
    ...(torn > 0 ? [`${torn} cut off at the end`] : []),
    ...(damaged > 0 ? [`${damaged} damaged`] : []),
    ...(foreign > 0 ? [`${foreign} files of another service`] : []),
  ];
  return `${files} files, ${lines} lines${span}${odd.length > 0 ? ` (${odd.join(', ')})` : ''}`;
}
