import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { createPatch } from 'diff';
import { checkUpgrade, type UpgradeTried } from '../backup/check-upgrade.ts';
import { loadConfig } from '../config.ts';
import { newestBackup } from '../db/operator/backups.ts';
import { AppError } from '../lib/errors.ts';
import { clock, openLook } from '../look.ts';
import type { Config } from '../config.ts';
import { startProgress } from './progress.ts';
import { printJson } from './support.ts';

interface Flags {
  check?: boolean;
  file?: string;
  json?: boolean;
}

/** Newsletters whose differences are shown. */
const SHOWN = 3;

/** `offprint upgrade --check`: tries this release on the newest backup. */
export function upgradeCommand(): Command {
  return new Command('upgrade')
    .option('--check', 'try this release on the newest backup, in a scratch server')
    .option('--file <file>', 'on this backup')
    .option('--json', 'print the outcome as one object')
    .action(upgrade);
}

async function upgrade({ check, file, json }: Flags): Promise<void> {
  if (!check)
    throw new AppError(
      'bad-input',
      'To upgrade is to start the new release; --check tries it on the newest backup before.',
    );
  const config = loadConfig();
  const backup = file ?? (await newestFile(config));
  const bar = startProgress('restore', { json: json === true });
  try {
    const tried = await checkUpgrade({
      ...{ file: backup, config, step: () => bar.stop() },
      progress: (rows, of) => bar.update(rows, of),
    });
    bar.stop();
    if (json) printJson(tried);
    else process.stdout.write(report(backup, tried));
  } finally {
    bar.stop();
  }
}

async function newestFile(config: Config): Promise<string> {
  const look = await openLook(config);
  try {
    const found = await newestBackup(look.db, clock());
    if (found && existsSync(found.name)) return found.name;
  } finally {
    await look.close();
  }
  throw new AppError(
    'not-found',
    'No backup is known that lies here: offprint backup FILE takes one, --file names one.',
  );
}

function report(file: string, tried: UpgradeTried): string {
  const { from, to, takenAt, rows, migrations, migrateMs, compared, otherwise } = tried;
  const lines = [
    `Offprint ${to} on ${file}: ${rows} rows as of ${takenAt}, by Offprint ${from}.`,
    migrations.length === 0
      ? 'It needs no migration.'
      : `${migrations.length} migrations took ${(migrateMs / 1_000).toFixed(1)} s: ${migrations.join(', ')}.`,
    `Of ${compared} newsletters of the last edition ${otherwise.length} come out otherwise.`,
    ...otherwise
      .slice(0, SHOWN)
      .map(({ id, edition, differs, before, after }) =>
        differs === 'bytes'
          ? `${edition} ${id}: it reads the same; headers or links alone differ.`
          : createPatch(`${edition} ${id} (${differs})`, before, after, from, to, { context: 1 }),
      ),
    ...(otherwise.length > SHOWN ? [`… and ${otherwise.length - SHOWN} more: --json has all`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
