import { Command } from 'commander';
import { resumeSending } from '../operate/resume-sending.ts';
import { agreed, printJson, withContext } from './support.ts';

interface Flags {
  yes?: boolean;
  json?: boolean;
}

/** `offprint resume`: lets sending go on after a restore or a move. */
export function resumeCommand(): Command {
  return new Command('resume')
    .option('--yes', 'do not ask before')
    .option('--json', 'print the outcome as one object')
    .action((flags: Flags) =>
      withContext(async (ctx) => {
        const question =
          'Let sending go on? Whoever got a mail since that backup, and left no trace here, may get it again.';
        if (!(await agreed(question, flags))) return;
        const hold = await resumeSending(ctx, 'cli');
        if (flags.json) printJson({ outcome: hold ? 'resumed' : 'nothing was on hold', reason: hold?.reason ?? null });
        else
          process.stdout.write(hold ? `Sending goes on (it was on hold: ${hold.reason}).\n` : 'Nothing was on hold.\n');
      }),
    );
}
