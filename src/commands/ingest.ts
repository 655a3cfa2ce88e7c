import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { openClient } from '../ingest/asking/client.ts';
import { ownTurns } from '../ingest/asking/own-turns.ts';
import { DIGEST_NAMES } from '../ingest/fetch.ts';
import { inspectInputs, type InspectedFile } from '../ingest/inspect.ts';
import { ingestInputs } from '../ingest/run-ingest.ts';
import type { IngestedFile } from '../ingest/take-in.ts';
import { AppError } from '../lib/errors.ts';
import { backfillSources } from './backfill.ts';
import { startProgress } from './progress.ts';
import { dateOption, onWait, printJson, printTable, withContext } from './support.ts';

interface IngestFlags {
  source?: string;
  on?: string;
  dryRun?: boolean;
  json?: boolean;
  backfill?: string[];
}

/** Builds `offprint ingest`: parse and store digests from files, folders and URLs. */
export function ingestCommand(): Command {
  return new Command('ingest')
    .argument(
      '[inputs...]',
      'files or URLs of any kind that docs/digests.md lists; a folder means every digest file in it',
    )
    .option('--source <name>', 'name of the source they come from', sourceOption)
    .option('--on <date>', 'list day of the digests, YYYY-MM-DD, where they do not say it themselves', dateOption)
    .option(
      '--backfill <days...>',
      'FROM TO: take in the lists of past days, of the sources given or all in SOURCES; known at once, never mailed',
    )
    .option('--dry-run', 'parse and judge, store nothing; needs no database')
    .option('--json', 'print one object a line')
    .action(async (inputs: string[], flags: IngestFlags) => {
      if (flags.backfill) {
        refuseBeside(flags);
        return backfillSources(flags.backfill, inputs, flags.json ?? false);
      }
      if (inputs.length === 0) throw new AppError('bad-input', 'Nothing to read; expected files, folders or URLs.');
      const problems = flags.dryRun ? await inspect(inputs, flags) : await store(inputs, flags);
      if (problems.length > 0) throw new AppError('bad-input', problems.join('\n'));
    });
}

/** Refuses what says nothing about a backfill; throws AppError bad-input. */
function refuseBeside({ dryRun, source, on }: IngestFlags): void {
  const problems = [
    dryRun && '--dry-run: a backfill has none; expected files, folders or URLs with it',
    source !== undefined && '--source: expected the names of sources behind the two dates of --backfill',
    on !== undefined && '--on: expected the days as the two dates of --backfill',
  ].filter(Boolean);
  if (problems.length > 0) throw new AppError('bad-input', problems.join('\n'));
}

async function inspect(inputs: string[], flags: IngestFlags): Promise<string[]> {
  // The clock's edge: no context is opened, so that no database is needed.
  const config = loadConfig();
  // oxlint-disable-next-line house/clock
  const ctx = { config, fetchSource: openClient(config), turns: ownTurns(), now: () => new Date() };
  const files = await withBar((progress) => inspectInputs(ctx, inputs, { ...flags, progress, onWait, passed }));
  if (flags.json) for (const file of files) printJson(file.report);
  if (!flags.json) printTable(files.map(inspectedRow), 'No digest files there.');
  return files.flatMap(({ problem }) => problem ?? []);
}

async function store(inputs: string[], flags: IngestFlags): Promise<string[]> {
  const stored: IngestedFile[] = [];
  const options = { ...flags, onWait, passed, heard: (file: IngestedFile) => void stored.push(file) };
  const work = withContext(async (ctx) => {
    try {
      return await withBar((progress) => ingestInputs(ctx, inputs, { ...options, progress }));
    } finally {
      if (stored.some((file) => file.newPapers > 0)) await ctx.queue.wake('match');
    }
  });
  const files = await work.catch((error: unknown) => {
    if (stored.length > 0) show(stored, flags); // what was done before it ended
    throw error;
  });
  show(files, flags);
  return files.flatMap(({ problem }) => problem ?? []);
}

function show(files: readonly IngestedFile[], { json }: IngestFlags): void {
  if (json) for (const file of files) printJson(storedObject(file));
  else printTable(files.map(storedRow), 'No digest files there.');
}

/** Says of a file in a folder that nothing is read of it. */
function passed(path: string): void {
  process.stderr.write(`Passed over: ${path} (expected ${DIGEST_NAMES})\n`);
}

async function withBar<T>(work: (progress: (done: number, total: number) => void) => Promise<T>): Promise<T> {
  const bar = startProgress('digests');
  try {
    return await work((done, total) => bar.update(done, total));
  } finally {
    bar.stop();
  }
}

function inspectedRow({ file, report, problem }: InspectedFile) {
  const { digestOn, entries, warnings, health } = report;
  return {
    file,
    day: digestOn,
    entries: entries.length,
    warnings: warnings.length,
    verdict: problem ? 'no digest' : [health.verdict, ...health.reasons].join(': '),
  };
}

function storedRow(file: IngestedFile) {
  const { health, newEntries, newPapers, warnings, outcome, state } = file;
  const verdict = health ? [health.verdict, ...health.reasons].join(': ') : null;
  return {
    file: file.file,
    source: file.source,
    day: file.digestOn,
    outcome,
    state,
    entries: file.entries,
    new: newEntries,
    papers: newPapers,
    warnings,
    verdict,
  };
}

function sourceOption(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(text))
    throw new InvalidArgumentError('expected lower-case letters, digits and hyphens');
  return text;
}

/** Tells programs of a file, in English alone. */
function storedObject({ file, source, outcome, digestOn, state, health, problem, ...counts }: IngestedFile) {
  const { verdict, kind, reasons } = health ?? {};
  const { entries, newEntries, newPapers, warnings } = counts;
  const judged = health && { verdict, ...(kind && { kind }), reasons };
  const told = { file, source, outcome, digestOn, state, health: judged };
  return { ...told, entries, newEntries, newPapers, warnings, problem };
}
