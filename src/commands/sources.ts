import { Command } from 'commander';
import { reportSources, type SourceReport } from '../operate/report-sources.ts';
import { printJson, printTable, withContext } from './support.ts';

/** Builds `offprint sources`: how every source of the settings stands. */
export function sourcesCommand(): Command {
  return new Command('sources').option('--json', 'print one object a line').action(({ json }: { json?: boolean }) =>
    withContext(async (ctx) => {
      const reports = await reportSources(ctx);
      if (json) for (const report of reports) printJson(asObject(report));
      else printTable(reports.map(asRow), 'No sources: set SOURCES.');
    }),
  );
}

function asObject({ source, location, state, record, quietWeekdays, habit }: SourceReport) {
  const { lastSuccessAt = null, lastNewAt = null, failingSince = null, failure = null } = record ?? {};
  return { source, location, state, lastSuccessAt, lastNewAt, failingSince, failure, quietWeekdays, habit };
}

function asRow(report: SourceReport): Record<string, string | number | null> {
  const { source, state, lastSuccessAt, lastNewAt, failingSince, failure, quietWeekdays, habit } = asObject(report);
  const at = (instant: Date | null) => instant?.toISOString() ?? null;
  return {
    source,
    state,
    'last success': at(lastSuccessAt),
    'last new': at(lastNewAt),
    'quiet weekdays': `${quietWeekdays} of ${habit}`,
    'failing since': at(failingSince),
    problem: failure,
  };
}
