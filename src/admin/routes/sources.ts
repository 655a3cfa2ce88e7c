import { reportSources } from '../../operate/report-sources.ts';
import { listSection } from '../list.ts';
import { atText } from '../respond.ts';

/** The sources of the settings and how they stand. */
export const sources = listSection({
  ...{ name: 'Sources', path: '/admin/sources', title: 'Sources' },
  columns: ['Source', 'State', 'Last success', 'Last new entry', 'Weekdays without news', 'Failing since', 'Problem'],
  empty: 'No source is set (SOURCES).',
  read: async (ctx) => ({ rows: await reportSources(ctx), next: null }),
  cells: ({ source, state, record, quietWeekdays, habit }) => [
    ...[source, state, atText(record?.lastSuccessAt ?? null), atText(record?.lastNewAt ?? null)],
    ...[`${quietWeekdays}; silent after ${habit}`, atText(record?.failingSince ?? null), record?.failure ?? ''],
  ],
});
