import { Command } from 'commander';
import { AppError } from '../lib/errors.ts';
import { testDoors } from '../operate/feedback/test-doors.ts';
import { printJson, printTable, wholeNumberOption, withContext } from './support.ts';

interface Options {
  wait: number;
  json?: boolean;
}

/** `offprint feedback test`: finds out whether reports come in. */
export function feedbackTestCommand(): Command {
  return new Command('test')
    .description('send a signed report through each door that is set, and wait for it; changes nothing')
    .option('--wait <seconds>', 'how long to wait for it', wholeNumberOption(1), 60)
    .option('--json', 'print one object a door')
    .action((_: unknown, self: Command) => test(self.optsWithGlobals<Options>()));
}

async function test({ wait, json }: Options): Promise<void> {
  await withContext(async (ctx) => {
    if (!json) process.stderr.write('Knocking …\n');
    const tested = await testDoors(ctx, 'cli', wait * 1000);
    if (tested.length === 0)
      throw new AppError('bad-input', 'no door is set: BOUNCE_SMTP_PORT, BOUNCE_IMAP_URL or WEBHOOK_SECRET opens one');
    if (json) tested.forEach(printJson);
    else
      printTable(
        tested.map((each) => ({ ...each })),
        '',
      );
    if (tested.some(({ outcome }) => outcome !== 'heard')) process.exitCode = 1;
  });
}
