import { Command } from 'commander';
import { editionView } from '../api/schemas/operation.ts';
import type { Context } from '../context.ts';
import type { SteerOutcome } from '../db/ledger/edition-acts.ts';
import { listEditions, type EditionSummary } from '../db/newsletters/editions.ts';
import { eachPage } from '../lib/cursor.ts';
import { AppError } from '../lib/errors.ts';
import { DELIVERY_STATES } from '../model/delivery.ts';
import type { Actor } from '../model/actor.ts';
import { cancelEdition } from '../operate/cancel-edition.ts';
import { pauseEdition } from '../operate/pause-edition.ts';
import { resumeEdition } from '../operate/resume-edition.ts';
import { noteCommand } from './editions-note.ts';
import { foreseeCommand, testCommand } from './editions-tried.ts';
import { onlyShows } from './exit.ts';
import { confirmOnTerminal, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

type Act = 'pause' | 'resume' | 'cancel';

interface ActFlags {
  yes?: boolean;
  json?: boolean;
}

/** Rows read at a time. */
const PAGE = 100;

interface ActWords {
  does: string;
  done: string;
  run(ctx: Context, key: string, by: Actor): Promise<SteerOutcome>;
}

const ACTS: Record<Act, ActWords> = {
  pause: {
    does: 'stop sending an edition at once; its mails wait',
    done: 'Paused; waiting',
    run: pauseEdition,
  },
  resume: {
    does: 'go on with a paused edition',
    done: 'Resumed; waiting',
    run: resumeEdition,
  },
  cancel: {
    does: 'end an edition for good: what waits is cancelled and its papers return',
    done: 'Cancelled',
    run: cancelEdition,
  },
};

/** Builds `offprint editions`: the editions and what became of them, and what is done to one or added to it. */
export function editionsCommand(): Command {
  const command = new Command('editions');
  command
    .command('list', { isDefault: true })
    .description('list editions, newest first')
    .option('--limit <n>', 'at most so many', wholeNumberOption(1))
    .option('--json', 'print one object a line')
    .action(({ limit, json }: { limit?: number; json?: boolean }) =>
      withContext(async (ctx) => {
        onlyShows();
        for await (const editions of eachPage((wish) => listEditions(ctx.db, wish), { limit: PAGE, most: limit })) {
          if (json) editions.map(editionView).forEach(printJson);
          else printTable(editions.map(shown), 'No editions.');
        }
      }),
    );
  for (const act of Object.keys(ACTS) as Act[]) command.addCommand(actCommand(act));
  command.addCommand(foreseeCommand()).addCommand(testCommand()).addCommand(noteCommand());
  return command;
}

function actCommand(act: Act): Command {
  return new Command(act)
    .description(ACTS[act].does)
    .argument('<key>', 'the edition, such as daily:2025-12-31')
    .option('--yes', 'do not ask')
    .option('--json', 'print the outcome as one object')
    .action((key: string, flags: ActFlags) => withContext((ctx) => steer(ctx, act, key, flags)));
}

async function steer(ctx: Context, act: Act, key: string, flags: ActFlags): Promise<void> {
  const ask = act === 'cancel' && !flags.yes && process.stdin.isTTY;
  if (ask && !(await confirmOnTerminal(`Cancel everything of ${key} that has not gone out?`))) return;
  const result = await ACTS[act].run(ctx, key, 'cli');
  if (result.outcome === 'unknown')
    throw new AppError('bad-input', `There is no edition «${key}»; \`offprint editions\` lists them.`);
  if (result.outcome === 'cancelled') throw new AppError('conflict', `${key} was cancelled for good.`);
  if (flags.json) return printJson({ edition: key, act, ...result });
  process.stdout.write(
    result.outcome === 'done' ? `${ACTS[act].done}: ${result.deliveries} mails of ${key}.\n` : `${key} already is.\n`,
  );
}

function shown({ key, state, counts, waits }: EditionSummary): Record<string, string | number> {
  const sums = Object.fromEntries(DELIVERY_STATES.map((name) => [name, counts[name] ?? 0]));
  return { edition: key, state, ...sums, waits };
}
