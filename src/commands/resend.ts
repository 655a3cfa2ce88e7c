import { Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { countResendable, resendDeliveries, type ResendWhich } from '../db/deliveries-resend.ts';
import { AppError } from '../lib/errors.ts';
import { editionKind } from '../model/edition.ts';
import { confirmOnTerminal, printJson, withContext } from './support.ts';

interface ResendFlags {
  edition: string;
  only: ResendWhich;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** Builds `offprint resend`: sends mails of an edition again, never to whom it was sent. */
export function resendCommand(): Command {
  return new Command('resend')
    .description('send mails of an edition again, never to anybody it was sent to')
    .requiredOption('--edition <key>', 'the edition, such as daily:2025-12-31')
    .addOption(
      new Option(
        '--only <which>',
        'missed: waited past their late limit; uncertain: may have arrived; failed: given up',
      )
        .choices(['missed', 'uncertain', 'failed'])
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'say what would be sent, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print the summary as one object')
    .action((flags: ResendFlags) => withContext((ctx) => resend(ctx, flags)));
}

async function resend(ctx: Context, flags: ResendFlags): Promise<void> {
  const { edition, only } = flags;
  checkEdition(edition);
  const summary = await countResendable(ctx.db, edition, only, ctx.now());
  if (!summary)
    throw new AppError('bad-input', `There is no edition «${edition}»; \`offprint deliveries\` lists those there are.`);
  if (!flags.json) process.stdout.write(inWords(flags, summary));
  if (flags.dryRun || summary.again === 0) return report(flags, { ...summary, done: false });
  if (process.stdin.isTTY && !flags.yes && !(await confirmOnTerminal(`Send ${summary.again} mail(s) again?`))) return;
  const done = await resendDeliveries(ctx.db, edition, only, ctx.now());
  await ctx.queue.wake('deliver');
  if (!flags.json)
    process.stdout.write(`${done.again} due again; a worker, or \`offprint run deliver\`, sends them.\n`);
  report(flags, { ...done, done: true });
}

function checkEdition(key: string): void {
  try {
    editionKind(key);
  } catch (error) {
    throw new AppError('bad-input', error instanceof Error ? error.message : String(error));
  }
}

function inWords({ edition, only }: ResendFlags, { again, shownSince }: { again: number; shownSince: number }): string {
  const left = shownSince > 0 ? ` ${shownSince} left alone: their papers came in a later newsletter.` : '';
  const risk = only === 'uncertain' && again > 0 ? ' Some of these may have arrived; they keep their Message-ID.' : '';
  return `${edition}, ${only}: ${again} to send again.${left}${risk}\n`;
}

function report(flags: ResendFlags, summary: { again: number; shownSince: number; done: boolean }): void {
  if (flags.json) printJson({ edition: flags.edition, only: flags.only, dryRun: flags.dryRun ?? false, ...summary });
}
