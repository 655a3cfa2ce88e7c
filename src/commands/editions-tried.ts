import { Command } from 'commander';
import type { Context } from '../context.ts';
import { AppError } from '../lib/errors.ts';
import { DEFAULT_LANGUAGE } from '../lib/strings.ts';
import { canonicalAddress } from '../model/address.ts';
import { dryRunEdition } from '../operate/foresee-edition.ts';
import { sendTest } from '../operate/send-test.ts';
import { printJson, printTable, withContext } from './support.ts';

interface TestFlags {
  to: string;
  as?: string;
  language: string;
}

/** Builds `offprint editions test`: mails an edition to an admin, as a test. */
export function testCommand(): Command {
  return new Command('test')
    .description('mail an edition to an admin as a test; it counts for nothing')
    .argument('<key>', 'the edition, such as daily:2025-12-31, to come or planned')
    .requiredOption('--to <email>', 'the address of an admin, or ADMIN_EMAIL')
    .option('--as <id>', 'as this newsletter or reader, by public id; else as somebody who asked for nothing')
    .option('--language <code>', 'in this language', DEFAULT_LANGUAGE)
    .action((key: string, flags: TestFlags) => withContext((ctx) => test(ctx, key, flags)));
}

/** Builds `offprint editions foresee`: who would get an edition, as things stand. */
export function foreseeCommand(): Command {
  return new Command('foresee')
    .description('tell who would get an edition as things stand; changes nothing')
    .argument('<key>', 'the edition, such as daily:2025-12-31')
    .option('--json', 'print it as one object')
    .action((key: string, { json }: { json?: boolean }) => withContext((ctx) => foresee(ctx, key, json)));
}

async function test(ctx: Context, edition: string, { to: given, as, language }: TestFlags): Promise<void> {
  const read = canonicalAddress(given);
  if (!read.ok) throw new AppError('bad-input', `--to ${given}: expected an address`);
  const to = read.address;
  const { outcome } = await sendTest(ctx, { edition, as, language, to }, 'cli');
  if (outcome === 'stranger') throw new AppError('bad-input', `--to ${given}: expected the address of an admin`);
  if (outcome === 'unknown') throw new AppError('bad-input', `There is no such edition, newsletter or reader.`);
  if (outcome === 'nothing') throw new AppError('not-found', `There is no paper for ${edition}: nothing to send.`);
  process.stdout.write(`A test of ${edition} is on its way to ${to}.\n`);
}

async function foresee(ctx: Context, key: string, json?: boolean): Promise<void> {
  const found = await dryRunEdition(ctx, key);
  if (!found) throw new AppError('bad-input', `${key}: expected an edition of a day or a week that is not over`);
  if (json) return printJson({ edition: key, ...found });
  const { state, slots, newsletters, nothing, waiting, samples } = found;
  if (state === 'cancelled') return void process.stdout.write(`${key} was cancelled for good: nobody would get it.\n`);
  process.stdout.write(`${newsletters} of ${slots} would get ${key}; nothing for ${nothing}, ${waiting} wait.\n`);
  if (state === 'paused') process.stdout.write('It is paused: what is planned of it waits until it goes on.\n');
  printTable(
    samples.map(({ email, slotAt, papers, first }) => ({ email, slot: slotAt.toISOString(), papers, first })),
    'Nobody.',
  );
}
