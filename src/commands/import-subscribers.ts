import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { columnMap } from '../subscribers/csv/header.ts';
import { importCsv, type ImportResult } from '../subscribers/import-csv.ts';
import type { RejectedRow } from '../subscribers/import-rows.ts';
import { importAtOnce } from '../operate/errands/import-at-once.ts';
import { startProgress } from './progress.ts';
import { listOption, printJson, withContext } from './support.ts';

interface ImportFlags {
  dryRun?: boolean;
  json?: boolean;
  map?: string[];
}

/** Describes `subscribers import`. */
export function importCommand(command: Command): void {
  command
    .description('take readers in from a CSV with a header; rejected rows are listed with line and reason')
    .argument('<csv>', 'file, or - for standard input')
    .option(
      '--map <theirs=ours>',
      'what a column of theirs is; nothing on the right leaves it out; may be repeated',
      listOption,
    )
    .option('--dry-run', 'check every row, change nothing')
    .option('--json', 'print one object a rejected row, then the counts')
    .addHelpText('after', HELP)
    .action(importAction);
}

const HELP = `
Commas, semicolons or tabs, a line sep=; above the header; UTF-8, UTF-16 or Windows-1252.
A list in a cell is one a line, or on one line split by ; (\\; for a semicolon within a text).
Exports of Mailchimp, Substack and listmonk are known by their headers.`;

async function importAction(file: string, flags: ImportFlags): Promise<void> {
  const map = columnMap(flags.map ?? []);
  if (file !== '-' && !(await stat(file).catch(() => null))?.isFile()) {
    throw new AppError('bad-input', `${file}: no such file; expected a CSV file, or - for standard input`);
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, onSignal); // a second one ends it at once
  await withContext(async (ctx) => {
    const progress = startProgress('importing');
    const stream = file === '-' ? process.stdin : createReadStream(file);
    const wish = {
      ...({ actor: 'cli', map, signal: stop.signal } as const),
      progress: (rows: number) => progress.update(rows, null),
    };
    const result = await (
      flags.dryRun
        ? importCsv(ctx, stream, { ...wish, dryRun: true })
        : importAtOnce(ctx, stream, { ...wish, name: basename(file) })
    ).finally(() => progress.stop());
    report(result, flags);
  }).finally(() => signals.forEach((signal) => process.off(signal, onSignal)));
}

/** Says what was done, whole or not. */
function report(
  { counts, rejected, notes, ended, act = null }: ImportResult & { act?: bigint | null },
  { dryRun = false, json = false }: ImportFlags,
): void {
  for (const { text } of notes) process.stderr.write(`${text}\n`);
  for (const row of rejected) {
    if (json) printJson({ ...row, outcome: 'rejected' });
    else process.stderr.write(`line ${row.line}: ${row.email ? `${row.email}: ` : ''}${row.reason}\n`);
  }
  const { confirmed, pending, unsubscribed } = counts;
  const end = ended && { endedAfterLine: ended.line, reason: withoutSecrets(messageOf(ended.error)) };
  if (json) printJson({ ...counts, rejected: rejected.length, ...(act !== null && { act: String(act) }), ...end });
  else {
    process.stdout.write(
      `${dryRun ? 'would import' : 'imported'}: ${confirmed} confirmed, ${pending} pending (asked by mail), ` +
        `${unsubscribed} unsubscribed; rejected: ${rejected.length}${notFree(rejected)}\n`,
    );
    if (act !== null) process.stdout.write(`the way back: offprint acts undo ${act}\n`);
  }
  if (end) {
    process.stderr.write(
      `offprint: ended after line ${end.endedAfterLine}: ${end.reason}. The counts are of what was done; ` +
        'import the file again for the rest: who is here already is left as is.\n',
    );
  }
  if (ended) process.exitCode = ended.error instanceof AppError && ended.error.code === 'bad-input' ? 2 : 1;
  else if (rejected.length > 0) process.exitCode = 2;
}

/** Says how many of the rows are of addresses that are here, or are suppressed. */
function notFree(rejected: readonly RejectedRow[]): string {
  const of = (why: RejectedRow['because']) => rejected.filter(({ because }) => because === why).length;
  const told = [
    ...(of('known') > 0 ? [`${of('known')} here already`] : []),
    ...(of('suppressed') > 0 ? [`${of('suppressed')} suppressed`] : []),
  ];
  return told.length > 0 ? ` (${told.join(', ')})` : '';
}
