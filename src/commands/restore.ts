import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { backupView } from '../api/schemas/backup.ts';
import { restoreBackup, type Restored } from '../backup/restore-backup.ts';
import { keysOpen } from '../backup/keys-open.ts';
import { loadConfig, type Config } from '../config.ts';
import { mustBeJournals } from '../journal/files.ts';
import type { Replayed } from '../journal/replay-journal.ts';
import { replayInto } from '../operate/replay-journal.ts';
import { described } from './backup.ts';
import { replayedInWords } from './journal.ts';
import { startProgress } from './progress.ts';
import { agreed, listOption, printJson, withContext } from './support.ts';
import { withTarget } from './target.ts';
import { wrappingOf } from '../wrapping-secrets.ts';

interface Flags {
  journal?: string[];
  yes?: boolean;
  json?: boolean;
}

/** `offprint restore FILE`: brings a backup back into a database that is empty. */
export function restoreCommand(): Command {
  return new Command('restore')
    .argument('<file>', 'what offprint backup wrote')
    .option('--journal <folder>', 'the journal of another machine, too; may be repeated', listOption)
    .option('--yes', 'do not ask before')
    .option('--json', 'print what was restored as one object')
    .action((file: string, flags: Flags) => restore(file, flags));
}

async function restore(file: string, flags: Flags): Promise<void> {
  const config = loadConfig();
  await mustBeJournals(flags.journal ?? []);
  const where = config.DATABASE_URL ? `the database at ${new URL(config.DATABASE_URL).host}` : 'the embedded database';
  if (!(await agreed(`Restore ${file} into ${where}, which must be empty or freshly migrated?`, flags))) return;
  const { restored, problem } = await withTarget(config, async (url) => ({
    restored: await restoreWithBar(file, url, flags),
    problem: await keysOpen(url, wrappingOf(config)),
  }));
  const replayed = problem === null ? await bringIn(restored, config, flags) : null;
  const view = backupView(file, restored);
  if (flags.json) printJson({ ...view, journal: replayed });
  else process.stdout.write(`Restored ${described(restored.manifest, restored.rows)}.\n`);
  if (replayed && !flags.json) process.stdout.write(`${replayedInWords(replayed).join('\n')}\n`);
  process.stderr.write(nextSteps(restored, problem, config, replayed));
}

/** Brings in what the journals know of what happened since; null where none lies there. */
async function bringIn({ manifest }: Restored, config: Config, { journal = [] }: Flags): Promise<Replayed | null> {
  const own = config.JOURNAL_DIR !== undefined && existsSync(config.JOURNAL_DIR) ? [config.JOURNAL_DIR] : [];
  const folders = [...own, ...journal];
  if (folders.length === 0) return null;
  const since = new Date(manifest.openSince);
  return withContext((ctx) => replayInto(ctx, { folders, since }, 'cli'));
}

async function restoreWithBar(file: string, url: string, { json }: Flags): Promise<Restored> {
  const bar = startProgress('restore', { json: json === true });
  try {
    return await restoreBackup({
      ...{ file, url, progress: (rows, of) => bar.update(rows, of) },
      step: (words) => {
        bar.stop();
        if (process.stderr.isTTY && !json) process.stderr.write(`${words}\n`);
      },
    });
  } finally {
    bar.stop();
  }
}

function nextSteps(
  { manifest }: Restored,
  problem: string | null,
  { DATABASE_URL }: Config,
  replayed: Replayed | null,
): string {
  const secret = DATABASE_URL ? 'SECRET' : 'SECRET, or the file DATA_DIR/secret,';
  const keys =
    problem === null
      ? ''
      : `✗ ${problem}\n  Set ${secret} as it was when the backup was taken, before anything is started.\n`;
  const since = replayed
    ? `Nothing is sent yet. What happened since ${manifest.takenAt} was brought in from the journal of this machine; ` +
      'if others sent mail too, bring in theirs first: offprint journal replay --dir FOLDER\n'
    : `Nothing is sent yet: what happened since ${manifest.takenAt} is not in it, and some may have got their mail.\n`;
  return `${keys}${since}Look at offprint status; then let it go on: offprint resume\n`;
}
