import { Command, Option } from 'commander';
import { digestView } from '../api/schemas/paper.ts';
import type { Context } from '../context.ts';
import { findDigestId, listDigests, type DigestSummary } from '../db/digests/digests.ts';
import { eachPage } from '../lib/cursor.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import type { DigestState } from '../model/digest.ts';
import { discardDigest } from '../operate/discard-digest.ts';
import { releaseDigest } from '../operate/release-digest.ts';
import { agreed, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

interface ListFlags {
  state?: DigestState;
  source?: string;
  limit?: number;
  json?: boolean;
}

interface ActFlags {
  yes?: boolean;
  json?: boolean;
}

/** Rows read at a time. */
const PAGE = 100;
const STATES: readonly DigestState[] = ['accepted', 'held', 'released', 'discarded'];

type Act = 'release' | 'discard';

const ACTS: Record<Act, { does: string; run: (ctx: Context, id: number, by: Actor) => Promise<{ outcome: string }> }> =
  {
    release: { does: 'let a held digest go to the readers', run: releaseDigest },
    discard: { does: 'keep a digest out of newsletters for good', run: discardDigest },
  };

/** Builds `offprint digests`: the lists that arrived and how they look; release or discard one. */
export function digestsCommand(): Command {
  const command = new Command('digests');
  command
    .command('list', { isDefault: true })
    .description('list digests, newest list day first')
    .addOption(new Option('--state <state>', 'only digests in this state').choices([...STATES]))
    .option('--source <name>', 'only digests of this source')
    .option('--limit <n>', 'at most so many', wholeNumberOption(1))
    .option('--json', 'print one object a line')
    .action(({ state, source, limit, json }: ListFlags) =>
      withContext(async (ctx) => {
        const wanted = { source, ...(state && { states: [state] }) };
        const pages = eachPage((wish) => listDigests(ctx.db, { ...wish, ...wanted }), { limit: PAGE, most: limit });
        for await (const digests of pages) {
          if (json) digests.map(digestView).forEach(printJson);
          else printTable(digests.map(shown), 'No digests.');
        }
      }),
    );
  for (const act of Object.keys(ACTS) as Act[]) command.addCommand(actCommand(act));
  return command;
}

function actCommand(act: Act): Command {
  return new Command(act)
    .description(ACTS[act].does)
    .argument('<digest>', 'its number, or its source and list day, such as hf:2025-12-31')
    .option('--yes', 'do not ask')
    .option('--json', 'print the outcome as one object')
    .action((key: string, flags: ActFlags) => withContext((ctx) => decide(ctx, act, key, flags)));
}

async function decide(ctx: Context, act: Act, key: string, flags: ActFlags): Promise<void> {
  const id = await findDigestId(ctx.db, key);
  if (id === null) throw new AppError('bad-input', `There is no digest «${key}»; \`offprint digests\` lists them.`);
  if (act === 'discard' && !(await agreed(`Keep the digest ${key} out of newsletters for good?`, flags))) return;
  const { outcome } = await ACTS[act].run(ctx, id, 'cli');
  if (outcome === 'unchanged') {
    const why = act === 'release' ? 'it is not held' : 'it is discarded already';
    throw new AppError('conflict', `The digest ${key}: ${why}.`);
  }
  if (flags.json) printJson({ id, outcome });
  else process.stdout.write(`The digest ${key} is ${outcome}.\n`);
}

function shown({ id, source, digestOn, verdict, reasons, state, entryCount, warningCount }: DigestSummary) {
  const health = [verdict, ...reasons].join(': ');
  return { id, day: digestOn, source, entries: entryCount, warnings: warningCount, state, health };
}
