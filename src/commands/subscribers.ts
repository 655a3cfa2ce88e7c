import { Command, Option } from 'commander';
import { subscriberView } from '../api/schemas/subscriber.ts';
import type { Context } from '../context.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { listSubscribers, type ListedSubscriber } from '../db/subscribers/list.ts';
import { eachPage, type PageWish } from '../lib/cursor.ts';
import { AppError } from '../lib/errors.ts';
import { erase } from '../subscribers/erase.ts';
import { exportCsv } from '../subscribers/export-csv.ts';
import { personalData } from '../subscribers/export-data.ts';
import { undoUnsubscribe } from '../subscribers/unsubscribe.ts';
import { addCommand } from './add-subscriber.ts';
import { addressArgument } from './address-argument.ts';
import { onlyShows } from './exit.ts';
import { importCommand } from './import-subscribers.ts';
import { printJson, printTable, withContext } from './support.ts';

const PAGE = 1_000;

/** `offprint subscribers …`: the list of readers from the command line. */
export function subscribersCommand(): Command {
  const command = new Command('subscribers');
  addExchange(command);
  addCommand(command.command('add'));
  addLists(command);
  addEndings(command);
  return command;
}

function addExchange(command: Command): void {
  importCommand(command.command('import'));
  command
    .command('export')
    .description('write all readers as CSV on standard output')
    .action(() => withContext(writeCsv));
}

function addLists(command: Command): void {
  command
    .command('list')
    .description('list readers with their status')
    .option('--email <address>', 'only this address')
    .addOption(new Option('--status <status>', 'only these').choices(['pending', 'confirmed', 'unsubscribed']))
    .option('--json', 'print one object a line')
    .action(listAction);
  command
    .command('show')
    .description('print everything kept about a person, evidence of consent included')
    .argument('<email>')
    .action((email: string) =>
      withContext(async (ctx) => printJson(await personalData(ctx.db, await readerAt(ctx, email)))),
    );
}

function addEndings(command: Command): void {
  command
    .command('erase')
    .description('delete a person for good')
    .argument('<email>')
    .option('--json')
    .action(eraseAction);
  command
    .command('undo')
    .description('take an unsubscribe back')
    .argument('<email>')
    .option('--json')
    .action(undoAction);
}

async function writeCsv(ctx: Context): Promise<void> {
  onlyShows();
  for await (const part of exportCsv(ctx)) process.stdout.write(part);
}

async function listAction(options: {
  email?: string;
  status?: ListedSubscriber['status'];
  json?: boolean;
}): Promise<void> {
  await withContext(async (ctx) => {
    const { email, status } = options;
    const address = email === undefined ? undefined : addressArgument(email);
    const read = (wish: PageWish) => listSubscribers(ctx.db, { ...wish, status, address });
    onlyShows();
    for await (const rows of eachPage(read, { limit: PAGE })) {
      if (options.json) rows.forEach((row) => printJson(subscriberView(row, true)));
      else printTable(rows.map(toTableRow), 'no such readers');
    }
  });
}

function toTableRow({ email, status, suppressed, cadence, hour, timeZone, nextDueAt }: ListedSubscriber) {
  return {
    email,
    status: suppressed ? `${status} (suppressed: ${suppressed})` : status,
    cadence,
    hour,
    zone: timeZone,
    next: nextDueAt?.toISOString(),
  };
}

async function eraseAction(email: string, options: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const result = await erase(ctx, { email: addressArgument(email) }, { actor: 'cli' });
    if (result.outcome === 'unknown') throw new AppError('not-found', `${email}: no such reader; nothing was erased`);
    if (options.json) printJson(result);
    else
      process.stdout.write(`erased, with ${result.outboxFiles} mails in the outbox folder; only a keyed hash stays\n`);
  });
}

async function undoAction(email: string, options: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const result = await undoUnsubscribe(ctx, { email: addressArgument(email) }, { actor: 'cli' });
    if (result.outcome === 'unknown' || result.outcome === 'ended')
      throw new AppError('not-found', `${email}: nobody who has unsubscribed`);
    if (options.json) printJson({ outcome: result.outcome });
    else process.stdout.write(result.outcome === 'restored' ? 'subscribed again\n' : 'was subscribed all along\n');
  });
}

async function readerAt(ctx: Context, email: string) {
  const reader = await findSubscriberByEmail(ctx.db, addressArgument(email));
  if (!reader) throw new AppError('not-found', `${email}: no such reader`);
  return reader;
}
