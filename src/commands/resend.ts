import { Command, Option } from 'commander';
import type { Context } from '../context.ts';
import type { ResendWhich } from '../db/ledger/resend.ts';
import { AppError } from '../lib/errors.ts';
import { editionKind } from '../model/edition.ts';
import { foreseeResend, resend, type ResendCounts } from '../operate/resend.ts';
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
    .requiredOption('--edition <key>', 'the edition, such as daily:2025-12-31')
    .addOption(
      new Option(
        '--only <which>',
        'missed: due without a delivery, or waited past their late limit; uncertain: may have arrived; failed: given up; bounced: refused, where the address is not suppressed',
      )
        .choices(['missed', 'uncertain', 'failed', 'bounced'])
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'say what would be sent, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print the summary as one object')
    .action((flags: ResendFlags) => withContext((ctx) => resendAction(ctx, flags)));
}

async function resendAction(ctx: Context, flags: ResendFlags): Promise<void> {
  const { edition, only } = flags;
  checkEdition(edition);
  const foreseen = await foreseeResend(ctx, { edition, only });
  if (!foreseen)
    throw new AppError('bad-input', `There is no edition «${edition}»; \`offprint editions\` lists those there are.`);
  if (!flags.json) process.stdout.write(inWords(flags, foreseen));
  const mails = foreseen.again + foreseen.planned;
  if (flags.dryRun || mails === 0) return report(flags, { ...foreseen, done: false });
  if (process.stdin.isTTY && !flags.yes && !(await confirmOnTerminal(`Send ${mails} mail(s)?`))) {
    if (!flags.json) process.stdout.write('Nothing was done.\n');
    return report(flags, { ...foreseen, done: false });
  }
  const done = await resend(ctx, { edition, only }, 'cli');
  if (!flags.json)
    process.stdout.write(`${done.again + done.planned} due; a worker, or \`offprint run deliver\`, sends them.\n`);
  report(flags, { ...done, done: true });
}

function checkEdition(key: string): void {
  try {
    editionKind(key);
  } catch (error) {
    throw new AppError('bad-input', error instanceof Error ? error.message : String(error));
  }
}

function inWords(
  { edition, only }: ResendFlags,
  { again, shownSince, planned, nothing, waiting, setAside = 0 }: ResendCounts,
): string {
  const lines = [
    `${edition}, ${only}: ${again} to send again${only === 'missed' ? `, ${planned} to plan for readers whose slot passed without a delivery` : ''}.`,
    shownSince > 0 && `${shownSince} left alone: their papers came in a later newsletter.`,
    nothing > 0 && `${nothing} missed it, but there is nothing new in it for them.`,
    waiting > 0 && `${waiting} missed it and wait until their interests are matched (\`offprint run match\`).`,
    setAside > 0 && `${setAside} cannot be planned; \`/readyz?verbose\` says why.`,
    only === 'uncertain' && again > 0 && 'Some of these may have arrived; they keep their Message-ID.',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

function report(flags: ResendFlags, summary: ResendCounts & { done: boolean }): void {
  if (flags.json) printJson({ edition: flags.edition, only: flags.only, dryRun: flags.dryRun ?? false, ...summary });
}
