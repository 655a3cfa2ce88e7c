import { latestBy } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import { filled, instant, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const newest = query(
  'last run of each job',
  { job: text, at: filled(instant), outcome: text },
  // From job to job along the index: DISTINCT reads every run.
  (given: { latest: Date }) => sql`
      WITH RECURSIVE jobs AS (
        (SELECT job FROM runs ORDER BY job LIMIT 1)
        UNION ALL SELECT (SELECT r.job FROM runs r WHERE r.job > jobs.job ORDER BY r.job LIMIT 1) FROM jobs WHERE jobs.job IS NOT NULL
      )
      SELECT jobs.job, last.at, last.outcome FROM jobs CROSS JOIN LATERAL (
        SELECT r.finished_at AS at, r.outcome::text FROM runs r
        WHERE r.job = jobs.job AND r.finished_at <= ${given.latest} AND r.started_at <= ${given.latest} ORDER BY r.started_at DESC LIMIT 1) last
      ORDER BY jobs.job`,
);

/** Returns when the newest run of each job ended, and how. */
export function lastRuns(db: Tx, now: Date) {
  return newest(db, { latest: latestBy(now) });
}
