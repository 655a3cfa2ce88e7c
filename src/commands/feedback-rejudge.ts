import { Command } from 'commander';
import { foreseeRejudging, rejudgeReports, type ChangedFate } from '../operate/feedback/rejudge-reports.ts';
import { agreed, instantOption, printJson, printTable, withContext } from './support.ts';

interface Options {
  since?: Date;
  dryRun?: boolean;
  json?: boolean;
  yes?: boolean;
}

/** Builds `offprint feedback rejudge`: what kept reports mean by today's rules. */
export function rejudgeCommand(): Command {
  return new Command('rejudge')
    .description('read the reports that are kept by today’s rules, list whose fate differs, ask, then weigh them anew')
    .option('--since <instant>', 'only reports that came from then on', instantOption)
    .option('--dry-run', 'only list')
    .option('--yes', 'do not ask')
    .option('--json', 'print one object a line')
    .action((_: unknown, self: Command) => rejudge(self.optsWithGlobals<Options>()));
}

async function rejudge({ since = new Date(0), dryRun, json, yes }: Options): Promise<void> {
  await withContext(async (ctx) => {
    const all: ChangedFate[] = [];
    let reports = 0;
    for await (const { read, changed } of foreseeRejudging(ctx, since)) {
      reports += read;
      all.push(...changed);
      if (json) changed.forEach((one) => printJson(shown(one)));
    }
    const heavier = all.filter((one) => one.heavier).length;
    const sums = { reports, heavier, lighter: all.length - heavier };
    if (!json) {
      printTable(all.map(shown), 'Nobody would fare otherwise.');
      process.stdout.write(`${reports} reports read: ${heavier} weigh more, ${sums.lighter} weigh less\n`);
    }
    if (dryRun || all.length === 0) return json ? printJson(sums) : undefined;
    if (!(await agreed(`Weigh these ${all.length} anew?`, { ...(yes && { yes }), ...(json && { json }) }))) return;
    const counts = await rejudgeReports(ctx, all, 'cli');
    if (json) return printJson({ reports, ...counts });
    const stay = counts.bound === 0 ? '' : `; ${counts.bound} stay, since something newer stands on them`;
    process.stdout.write(`${counts.heavier} weigh more, ${counts.lighter} weigh less${stay}\n`);
  });
}

function shown({ was, is, heavier, report }: ChangedFate) {
  const sense = (kind: string, about: string | null) => (about === null ? kind : `${kind}, about ${about}`);
  return {
    at: report.at.toISOString(),
    address: is.mail?.email ?? was.named,
    was: sense(was.kind, was.about),
    effect: was.effect,
    is: sense(is.kind, is.said.about),
    weighs: heavier ? 'more' : 'less',
    rule: is.said.rule,
    line: is.said.line,
    event: was.publicId,
    report: report.publicId,
  };
}
