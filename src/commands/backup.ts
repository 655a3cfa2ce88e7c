import { Command } from 'commander';
import { backupView, verifiedView } from '../api/schemas/backup.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { newestOf, type Manifest } from '../backup/manifest.ts';
import { verifyBackup, type Verified } from '../backup/verify-backup.ts';
import { loadConfig } from '../config.ts';
import { clock, openLook } from '../look.ts';
import { startProgress } from './progress.ts';
import { printJson } from './support.ts';

interface Flags {
  json?: boolean;
}

/** `offprint backup …`: takes a backup of everything, or tries one. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .argument('<file>', 'where it is written, as one zip; - is standard output')
    .option('--json', 'print what it holds as one object')
    .action(backUp);
  command
    .command('verify')
    .description('restore a backup into a scratch server, compare every table, add up the ledger, make 20 newsletters')
    .argument('<file>', 'the backup')
    .option('--json', 'print how it fared as one object')
    .action((file: string, _: unknown, self: Command) => verify(file, self.optsWithGlobals<Flags>()));
  return command;
}

async function backUp(file: string, { json }: Flags): Promise<void> {
  const config = loadConfig();
  const look = await openLook(config);
  const bar = startProgress('backup', { json: json === true && file !== '-' });
  try {
    const scope = { db: look.db, config, now: clock };
    const warn = (words: string) => say(`Note: ${words}`);
    const made = await makeBackup(scope, { file, warn, progress: (rows, of) => bar.update(rows, of) }, 'cli');
    bar.stop();
    if (file === '-') return say(`${described(made.manifest, made.rows)}.\n${aboutKeys(made.manifest)}`);
    if (json) return printJson(backupView(file, made));
    const megabytes = (made.bytes / 1_000_000).toFixed(1);
    process.stdout.write(`${file}: ${described(made.manifest, made.rows)}, ${megabytes} MB.\n`);
    say(aboutKeys(made.manifest));
  } finally {
    bar.stop();
    await look.close();
  }
}

async function verify(file: string, { json }: Flags): Promise<void> {
  const config = loadConfig();
  const bar = startProgress('restore', { json: json === true });
  const quiet = json || !process.stderr.isTTY;
  try {
    const verified = await verifyBackup({
      ...{ file, config },
      progress: (rows, of) => bar.update(rows, of),
      step: (words) => {
        bar.stop();
        if (!quiet) say(words);
      },
    });
    if (json) printJson(verifiedView(file, verified));
    else process.stdout.write(report(file, verified));
    if (verified.problems.length > 0) process.exitCode = 1;
  } finally {
    bar.stop();
  }
}

function report(file: string, { manifest, rows, same, samples, problems, notes }: Verified): string {
  const lines = [
    `${file}: ${described(manifest, rows)}.`,
    `${same} of ${samples} newsletters come out to the same bytes.`,
    ...notes,
    ...problems.map((problem) => `✗ ${problem}`),
    problems.length === 0
      ? '✓ It can be restored, and holds what it held.'
      : 'Keep an older backup until this is clear.',
  ];
  return `${lines.join('\n')}\n`;
}

/** Says what a backup holds. */
export function described({ takenAt, release, migrations, tables }: Manifest, rows: number): string {
  return `${rows} rows of ${tables.length} tables as of ${takenAt}, by Offprint ${release} (migration ${newestOf(migrations)})`;
}

function aboutKeys({ keysWrapped }: Manifest): string {
  return keysWrapped
    ? 'Its keys are wrapped by SECRET, which it does not hold: keep SECRET (or the file DATA_DIR/secret) elsewhere, or no old link and no block works after a restore.'
    : 'Its keys lie bare in it: whoever has the file can make links of readers. Set SECRET, or keep it like a password.';
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}
