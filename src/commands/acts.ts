import { Command, InvalidArgumentError } from 'commander';
import { listActs, type ActFilter, type ListedAct } from '../db/operator/acts-list.ts';
import { jobNamed, runJob } from '../jobs.ts';
import { eachPage } from '../lib/cursor.ts';
import { present } from '../lib/present.ts';
import { actJson } from '../operate/act-json.ts';
import { takeBack } from '../operate/take-back.ts';
import { namedAct, takeBackRefusal } from '../operate/take-back-refusal.ts';
import { onlyShows } from './exit.ts';
import { instantOption, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

/** Rows read at a time. */
const PAGE = 1_000;

interface ActsFlags extends ActFilter {
  limit?: number;
  json?: boolean;
}

/** Builds `offprint acts`: who did what to whom, and the way back. */
export function actsCommand(): Command {
  const command = new Command('acts');
  command
    .option('--actor <who>', 'only acts of this one, such as cli, reader or admin:ada@example.org')
    .option('--action <what>', 'only acts of this kind, such as unsubscribe or digest.release')
    .option('--subject <whom>', 'only acts on this one: a public id, an edition, a number of a digest')
    .option('--since <instant>', 'only acts from then on', instantOption)
    .option('--limit <n>', 'at most so many', wholeNumberOption(1))
    .option('--json', 'print one object a line')
    .action(listAction);
  command
    .command('undo')
    .description('take an act back, where nothing newer stands on it')
    .argument('<id>', 'its number, as `offprint acts` lists it', actNumber)
    .option('--json')
    .action(undoAction);
  return command;
}

async function listAction({ limit, json, ...filter }: ActsFlags): Promise<void> {
  await withContext(async (ctx) => {
    const pages = eachPage((wish) => listActs(ctx.db, { ...filter, ...wish }), { limit: PAGE, most: limit });
    onlyShows();
    for await (const rows of pages) {
      if (json) for (const row of rows) printJson(actJson(row));
      else printTable(rows.map(shown), 'Nothing has been done yet.');
    }
  });
}

async function undoAction(id: bigint, _flags: unknown, command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  await withContext(async (ctx) => {
    const result = await takeBack(ctx, id, 'cli');
    if (result.outcome !== 'taken-back' && result.outcome !== 'job') throw takeBackRefusal(id, result);
    if (result.outcome === 'job') await runJob(ctx, present(jobNamed('errands'), 'the job of errands'));
    if (json) printJson({ outcome: result.outcome, act: String(id), by: String(result.by) });
    else process.stdout.write(`taken back: ${namedAct(result.act)} (this is act ${result.by})\n`);
  });
}

function shown(act: ListedAct): Record<string, string | number | null> {
  const { id, at, actor, action, subject, undoneBy, detail } = act;
  const told = Object.entries(detail).flatMap(([name, value]) =>
    name === 'hash' || name === 'mailbox'
      ? []
      : [`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
  const back = undoneBy === null ? null : `by act ${undoneBy}`;
  return { id: Number(id), at: at.toISOString(), actor, action, subject, detail: told.join(', '), takenBack: back };
}

function actNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('expected the number of an act');
  return BigInt(text);
}
