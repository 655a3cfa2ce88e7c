import { Command } from 'commander';
import { AppError } from '../lib/errors.ts';
import { canonicalDomain } from '../model/address.ts';
import { foreseeUndoFeedback, undoFeedback, type UndoneFeedback } from '../operate/feedback/undo-feedback.ts';
import { agreed, instantOption, printJson, withContext } from './support.ts';

interface Options {
  domain?: string;
  since: Date;
  until?: Date;
  complaints?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `offprint feedback undo`: takes back what refusals of a time did, complaints where that is asked. */
export function feedbackUndoCommand(): Command {
  return new Command('undo')
    .description('take back what refusals of a time did to addresses; who asked to leave stays out')
    .option('--domain <domain>', 'of one destination, such as example.org')
    .requiredOption('--since <instant>', 'from then on, such as 2025-12-14T16:00:00Z', instantOption)
    .option('--until <instant>', 'up to then; now where it is not said', instantOption)
    .option('--complaints', 'what complaints did, too')
    .option('--dry-run', 'say what would be taken back, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print the summary as one object')
    .action((_: unknown, self: Command) => undo(self.optsWithGlobals<Options>()));
}

async function undo({ domain: given, since, until, complaints = false, ...flags }: Options): Promise<void> {
  const domain = given === undefined ? null : canonicalDomain(given);
  if (given !== undefined && domain === null)
    throw new AppError('bad-input', `--domain ${given}: expected a domain such as example.org`);
  await withContext(async (ctx) => {
    const span = { domain, since, until: until ?? ctx.now(), complaints };
    const foreseen = await foreseeUndoFeedback(ctx, span);
    if (!flags.json) process.stdout.write(`${inWords(foreseen, 'would be taken back')}\n`);
    if (flags.dryRun || foreseen.undone === 0) return report(flags, { ...foreseen, done: false });
    if (!(await agreed(`Take ${foreseen.undone} back${exceptIn(foreseen)}?`, flags))) return;
    const done = await undoFeedback(ctx, span, 'cli');
    if (!flags.json) process.stdout.write(`${inWords(done, 'taken back')}\n`);
    report(flags, { ...done, done: true });
  });
}

function report({ json }: { json?: boolean }, result: UndoneFeedback & { done: boolean }): void {
  if (json) printJson(result);
}

function inWords(result: UndoneFeedback, what: string): string {
  const { undone, kept, byEffect } = result;
  const by = Object.entries(byEffect).map(([effect, count]) => `${count} ${effect}`);
  const left = kept > 0 ? `; ${kept} stay, since something newer stands on them` : '';
  return `${undone} ${what}${by.length > 0 ? ` (${by.join(', ')})` : ''}${exceptIn(result)}${left}.`;
}

/** Says what is left out, and how to take it back all the same. */
function exceptIn({ leftOut: { left, complaints } }: UndoneFeedback): string {
  const parts = [
    ...(left > 0 ? [`${left} ${left === 1 ? 'reader' : 'readers'} who asked to leave`] : []),
    ...(complaints > 0 ? [`${complaints} ${complaints === 1 ? 'complaint' : 'complaints'} (--complaints)`] : []),
  ];
  return parts.length > 0 ? `, but not ${parts.join(' and ')}` : '';
}
