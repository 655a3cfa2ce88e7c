import { busyRuns } from '../../db/operator/runs.ts';
import { JOB_NAMES } from '../../model/job.ts';
import { listSection } from '../list.ts';

/** What the jobs did: runs that found something to do, failed, or go on. */
export const jobs = listSection({
  ...{ area: 'jobs', path: '/admin/jobs', room: 'more', api: '/api/v1/runs' },
  apiAsks: { busy: 'true' },
  columns: ['job', 'began', { number: 'seconds' }, 'outcome', 'told'],
  filters: [{ name: 'job', options: JOB_NAMES }],
  read: (ctx, wish, { job = '' }) => busyRuns(ctx.db, { ...wish, job }),
  cells: ({ job, startedAt, finishedAt, outcome, counts, error }, { words, when, count }) => [
    ...[words(`admin.job.${job}`), when(startedAt)],
    finishedAt ? ((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1) : '',
    ...[outcome === 'done' ? '' : words(`admin.jobs.outcome.${outcome}`), error ?? toldOf(counts, count)],
  ],
});

function toldOf(counts: Record<string, number> | null, count: (n: number) => string): string {
  const told = Object.entries(counts ?? {}).filter(([, n]) => n !== 0);
  return told.map(([name, n]) => `${name} ${count(n)}`).join(', ');
}
