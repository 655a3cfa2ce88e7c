import type { Tx } from '../client.ts';
import { filled, instant, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** One number to watch, as Prometheus wants it. */
export interface Measure {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}

const lastRuns = query(
  'last run of each job',
  { job: text, at: filled(instant), outcome: text },
  () => sql`
      SELECT DISTINCT ON (job) job, finished_at AS at, outcome::text
      FROM runs WHERE finished_at IS NOT NULL ORDER BY job, finished_at DESC`,
);

/**
 * Counts what an operator watches: readers by status, the ledger by kind and state, digests by verdict, when each job
 * last ended.
 */
export async function readMeasures(db: Tx): Promise<Measure[]> {
  const [subscribers, deliveries, digests, runs] = await Promise.all([
    db.subscriber.groupBy({ by: ['status'], _count: true }),
    db.delivery.groupBy({ by: ['kind', 'state'], _count: true }),
    db.digest.groupBy({ by: ['source', 'verdict'], _count: true }),
    lastRuns(db, {}),
  ]);
  return [
    {
      name: 'offprint_subscribers',
      help: 'Subscribers by status.',
      values: byLabels(subscribers.map(({ status, _count }) => ({ labels: { status }, value: _count }))),
    },
    {
      name: 'offprint_deliveries',
      help: 'Mails in the ledger by kind and state.',
      values: byLabels(deliveries.map(({ kind, state, _count }) => ({ labels: { kind, state }, value: _count }))),
    },
    {
      name: 'offprint_digests',
      help: 'Digests by source and verdict.',
      values: byLabels(digests.map(({ source, verdict, _count }) => ({ labels: { source, verdict }, value: _count }))),
    },
    {
      name: 'offprint_job_finished_seconds',
      help: 'When a job last ended, in seconds since 1970.',
      values: runs.map((row) => ({ labels: { job: row.job, outcome: row.outcome }, value: row.at.getTime() / 1000 })),
    },
  ];
}

/** Sorts by what the labels say: an enum's own order would change with a new value. */
function byLabels(values: Measure['values']): Measure['values'] {
  const words = (one: { labels: Record<string, string> }) => Object.values(one.labels).join(' ');
  return values.sort((a, b) => (words(a) < words(b) ? -1 : 1));
}
