import { Command } from 'commander';
import { backupView } from '../api/schemas/backup.ts';
import { restoreBackup, type Restored } from '../backup/restore-backup.ts';
import { keysOpen } from '../backup/keys-open.ts';
import { loadConfig, type Config } from '../config.ts';
import { described } from './backup.ts';
import { startProgress } from './progress.ts';
import { agreed, printJson } from './support.ts';
import { withTarget } from './target.ts';
import { wrappingOf } from '../wrapping-secrets.ts';

interface Flags {
  yes?: boolean;
  json?: boolean;
}

/** `offprint restore FILE`: brings a backup back into a database that is empty. */
export function restoreCommand(): Command {
  return new Command('restore')
    .argument('<file>', 'what offprint backup wrote')
    .option('--yes', 'do not ask before')
    .option('--json', 'print what was restored as one object')
    .action((file: string, flags: Flags) => restore(file, flags));
}

async function restore(file: string, flags: Flags): Promise<void> {
  const config = loadConfig();
  const where = config.DATABASE_URL ? `the database at ${new URL(config.DATABASE_URL).host}` : 'the embedded database';
  if (!(await agreed(`Restore ${file} into ${where}, which must be empty or freshly migrated?`, flags))) return;
  await withTarget(config, async (url) => {
    const restored = await restoreWithBar(file, url, flags);
    const problem = await keysOpen(url, wrappingOf(config));
    if (flags.json) printJson(backupView(file, restored));
    else process.stdout.write(`Restored ${described(restored.manifest, restored.rows)}.\n`);
    process.stderr.write(nextSteps(restored, problem, config));
  });
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

function nextSteps({ manifest }: Restored, problem: string | null, { DATABASE_URL }: Config): string {
  const secret = DATABASE_URL ? 'SECRET' : 'SECRET, or the file DATA_DIR/secret,';
  const keys =
    problem === null
      ? ''
      : `✗ ${problem}\n  Set ${secret} as it was when the backup was taken, before anything is started.\n`;
  return (
    `${keys}Nothing is sent yet: what happened since ${manifest.takenAt} is not in it, and some may have got their mail.\n` +
    'Look at offprint status; then let it go on: offprint resume\n'
  );
}
