import { busyRuns } from '../../db/operator/runs.ts';
import { JOB_NAMES } from '../../model/job.ts';
import { keptText } from '../../model/kept-words.ts';
import type { Cell } from '../../http/table.ts';
import { isString } from '../../lib/strings.ts';
import { listSection } from '../list.ts';
import type { Saying } from '../saying.ts';

/** What the jobs did: runs that found something to do, failed, or go on. */
export const jobs = listSection({
  ...{ area: 'jobs', path: '/admin/jobs', room: 'more', api: '/api/v1/runs' },
  apiAsks: { busy: 'true' },
  columns: ['job', 'began', { number: 'seconds' }, 'outcome', 'told'],
  filters: [{ name: 'job', options: JOB_NAMES }],
  read: (ctx, wish, { job = '' }) => busyRuns(ctx.db, { ...wish, job }),
  cells: ({ job, startedAt, finishedAt, outcome, counts, error }, say) => [
    ...[say.words(`admin.job.${job}`), say.when(startedAt)],
    finishedAt ? secondsCell(finishedAt.getTime() - startedAt.getTime(), say) : '',
    ...[
      outcome === 'done' ? '' : say.words(`admin.jobs.outcome.${outcome}`),
      error === null ? toldOf(counts, say) : keptText(say.words, error),
    ],
  ],
});

function secondsCell(ms: number, { decimal }: Saying): Cell {
  const seconds = Math.round(ms / 100) / 10;
  return { number: seconds, text: decimal(seconds, 1) };
}

/** Says what a run counted; of another version's counts there may be some that have no words here. */
function toldOf(counts: Record<string, number> | null, { words, count }: Saying): string {
  const told = Object.entries(counts ?? {}).filter(([, n]) => n !== 0);
  return told
    .map(([name, n]) => {
      const key = `admin.jobs.count.${name}`;
      return isString(key) ? words(key, { n, count: count(n) }) : `${name} ${count(n)}`;
    })
    .join(', ');
}
