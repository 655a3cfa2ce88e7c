import type { Measure } from '../model/measure.ts';
import type { SourceReport } from './report-sources.ts';

/** States that are numbers of their own: 1 while a source is in it, else 0. */
const TROUBLES = ['failing', 'silent'] as const;

/** Tells how sources stand, as numbers to watch. */
export function measureSources(reports: readonly SourceReport[]): Measure[] {
  const seconds = (source: string, at: Date | null | undefined) =>
    at ? [{ labels: { source }, value: Math.floor(at.getTime() / 1000) }] : [];
  return [
    {
      name: 'offprint_source_last_success_seconds',
      help: 'When a source last answered, in seconds since 1970.',
      values: reports.flatMap(({ source, record }) => seconds(source, record?.lastSuccessAt)),
    },
    {
      name: 'offprint_source_last_new_seconds',
      help: 'When something new of a source last came to readers, in seconds since 1970.',
      values: reports.flatMap(({ source, record }) => seconds(source, record?.lastNewAt)),
    },
    {
      name: 'offprint_source_trouble',
      help: 'Whether a source fails, or is silent for longer than its habit.',
      values: reports.flatMap(({ source, state }) =>
        TROUBLES.map((trouble) => ({ labels: { source, trouble }, value: Number(state === trouble) })),
      ),
    },
  ];
}
