import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { moveData } from '../backup/move-data.ts';
import { findHold, type SendingHold } from '../db/sending/holds.ts';
import { startProgress } from './progress.ts';
import { agreed, printJson, withContext } from './support.ts';

interface Flags {
  to: string;
  yes?: boolean;
  json?: boolean;
}

/** `offprint migrate-data --to URL`: moves everything to another PostgreSQL. */
export function migrateDataCommand(): Command {
  return new Command('migrate-data')
    .requiredOption('--to <url>', 'the database to move to, empty or freshly migrated', postgresOption)
    .option('--yes', 'do not ask before')
    .option('--json', 'print the outcome as one object')
    .action((flags: Flags) =>
      withContext(async (ctx) => {
        const host = new URL(flags.to).host;
        if (!(await agreed(`Move everything to ${host}? From then on nothing is sent from here.`, flags))) return;
        const bar = startProgress('move', { json: flags.json === true });
        try {
          const wish = {
            to: flags.to,
            progress: (rows: number, of: number) => bar.update(rows, of),
            step: () => bar.stop(),
          };
          const { tables, rows, keysWrapped, hold } = await moveData(ctx, wish, 'cli');
          bar.stop();
          if (flags.json) printJson({ outcome: 'moved', host, tables, rows });
          else process.stdout.write(`Moved ${rows} rows of ${tables} tables to ${host}, read back and compared.\n`);
          process.stderr.write(nextSteps(keysWrapped, ctx.config, await findHold(ctx.db, { besides: hold })));
        } finally {
          bar.stop();
        }
      }),
    );
}

/** `hold`: what held sending before the move went along. */
function nextSteps(
  keysWrapped: boolean,
  config: { DATA_DIR: string; DATABASE_URL?: string | undefined },
  hold: SendingHold | null,
): string {
  const file = join(config.DATA_DIR, 'secret');
  const secret =
    keysWrapped && config.DATABASE_URL === undefined
      ? `Set SECRET_FILE=${file} (or SECRET to what is in it): it opens the keys.\n`
      : '';
  const held = hold ? `It is on hold as this one was (${hold.reason}) until you type offprint resume.\n` : '';
  return `${secret}Set DATABASE_URL to it and start. The database here is kept, and sends nothing any more.\n${held}`;
}

function postgresOption(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('expected a PostgreSQL URL: postgresql://user:password@host:5432/offprint');
  return text;
}
