import { reportSources } from '../../operate/report-sources.ts';
import { listSection } from '../list.ts';

/** The sources of the settings and how they stand. */
export const sources = listSection({
  ...{ area: 'sources', path: '/admin/sources', room: 'sources' },
  columns: ['source', 'state', 'success', 'new', 'quiet', 'failing', 'problem'],
  read: async (ctx) => ({ rows: await reportSources(ctx), next: null }),
  cells: ({ source, state, record, quietWeekdays, habit }, { when, words }) => [
    ...[source, state, when(record?.lastSuccessAt ?? null), when(record?.lastNewAt ?? null)],
    ...[words('admin.sources.quiet', { quiet: quietWeekdays, habit }), when(record?.failingSince ?? null)],
    record?.failure ?? '',
  ],
});
