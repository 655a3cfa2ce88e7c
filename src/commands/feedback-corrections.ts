import { Command } from 'commander';
import { feedbackView } from '../api/schemas/feedback.ts';
import { listEvents, readReportOf, type ListedEvent } from '../db/feedback/list.ts';
import { eachPage } from '../lib/cursor.ts';
import { printJson, printTable, withContext } from './support.ts';

/** Rows read at a time. */
const PAGE = 200;

/** Builds `offprint feedback corrections`: what operators say was understood wrongly, for whoever writes rules. */
export function correctionsCommand(): Command {
  return new Command('corrections')
    .description('list what operators say was understood wrongly, newest first; with --json the report too, as base64')
    .option('--json', 'print one object a line')
    .action((_: unknown, self: Command) => corrections(self.optsWithGlobals<{ json?: boolean }>()));
}

async function corrections({ json }: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    for await (const rows of eachPage((wish) => listEvents(ctx.db, { corrected: true }, wish), { limit: PAGE })) {
      if (!json) printTable(rows.map(shown), 'Nothing was corrected.');
      else
        for (const row of rows) {
          const raw = await readReportOf(ctx.db, row.id);
          printJson({ ...feedbackView(row, true), raw: raw && Buffer.from(raw).toString('base64') });
        }
    }
  });
}

function shown({ id, at, kind, about, correctedKind, rule, line }: ListedEvent): Record<string, string | null> {
  return { at: at.toISOString(), taken: kind, about, is: correctedKind, rule, line, event: id };
}
