import { Command } from 'commander';
import { suppressionView } from '../api/schemas/operation.ts';
import { listSuppressions } from '../db/subscribers/suppressions.ts';
import { eachPage } from '../lib/cursor.ts';
import { AppError } from '../lib/errors.ts';
import { liftSuppression } from '../operate/lift-suppression.ts';
import { suppress } from '../operate/suppress.ts';
import { addressArgument } from './address-argument.ts';
import { onlyShows } from './exit.ts';
import { printJson, printTable, wholeNumberOption, withContext } from './support.ts';

/** Rows read at a time. */
const PAGE = 1_000;

/** `offprint suppress …`: addresses that must not be mailed. */
export function suppressCommand(): Command {
  const command = new Command('suppress');
  command
    .command('add')
    .description('stop all mail to an address at once')
    .argument('<email>')
    .option('--note <text>', 'why')
    .option('--json')
    .action(addAction);
  command
    .command('remove')
    .description('lift a suppression, whatever its reason')
    .argument('<email>')
    .option('--json')
    .action(removeAction);
  command
    .command('list')
    .description('list suppressions, newest first')
    .option('--limit <n>', 'at most so many', wholeNumberOption(1))
    .option('--json', 'print one object a line')
    .action(listAction);
  return command;
}

async function addAction(email: string, options: { note?: string; json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const wish = { email: addressArgument(email), note: options.note ?? null };
    const result = await suppress(ctx, wish, 'cli');
    if (options.json) printJson(result);
    else if (result.outcome === 'already') process.stdout.write(`suppressed already (${result.reason})\n`);
    else process.stdout.write(`suppressed; ${result.cancelled} planned mails cancelled\n`);
  });
}

async function removeAction(email: string, options: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const result = await liftSuppression(ctx, addressArgument(email), 'cli');
    if (result.outcome === 'not-suppressed') throw new AppError('not-found', `${email}: not suppressed`);
    if (result.outcome === 'erased') {
      throw new AppError(
        'conflict',
        `${email}: erased at the person's wish; only their own new confirmation lifts that`,
      );
    }
    if (options.json) printJson(result);
    else process.stdout.write(`lifted (was: ${result.reason})\n`);
  });
}

async function listAction({ limit, json }: { limit?: number; json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    onlyShows();
    for await (const rows of eachPage((wish) => listSuppressions(ctx.db, wish), { limit: PAGE, most: limit })) {
      const listed = rows.map((row) => suppressionView(row, true));
      if (json) listed.forEach(printJson);
      else printTable(listed.map(toTableRow), 'nothing is suppressed');
    }
  });
}

function toTableRow({ hash, ...row }: ReturnType<typeof suppressionView>) {
  return { hash: `${hash.slice(0, 12)}…`, ...row };
}
