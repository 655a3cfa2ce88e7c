import { mailKinds } from '../../model/mail-kind.ts';
import type { SubscriberStatus } from '../../model/subscriber.ts';
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

/** Mails that nobody causes by naming an address in a form. */
const UNASKED = mailKinds(({ audience }) => audience === 'confirmed' || audience === 'operator');

/** What a form makes of an address is no reader yet. */
const SETTLED: SubscriberStatus[] = ['confirmed', 'unsubscribed'];

/** Jobs run each minute, and once more where a form wakes them: to the second, their end would tell of that. */
const MINUTE_MS = 60_000;

/**
 * Counts what an operator watches: readers by status, the ledger by kind and state, digests by verdict, when each job
 * last ended. Nothing in it moves with a form that names an address: what is done with a form differs with what is
 * known of the address, and whoever counts before and after would learn it.
 */
export async function readMeasures(db: Tx): Promise<Measure[]> {
  const [subscribers, deliveries, digests, runs] = await Promise.all([
    db.subscriber.groupBy({ by: ['status'], where: { status: { in: SETTLED } }, _count: true }),
    db.delivery.groupBy({ by: ['kind', 'state'], where: { kind: { in: UNASKED } }, _count: true }),
    db.digest.groupBy({ by: ['source', 'verdict'], _count: true }),
    lastRuns(db, {}),
  ]);
  return [
    {
      name: 'offprint_subscribers',
      help: 'Subscribers by status, but for those who have not confirmed.',
      values: byLabels(subscribers.map(({ status, _count }) => ({ labels: { status }, value: _count }))),
    },
    {
      name: 'offprint_deliveries',
      help: 'Mails in the ledger by kind and state, but for those that answer a form.',
      values: byLabels(deliveries.map(({ kind, state, _count }) => ({ labels: { kind, state }, value: _count }))),
    },
    {
      name: 'offprint_digests',
      help: 'Digests by source and verdict.',
      values: byLabels(digests.map(({ source, verdict, _count }) => ({ labels: { source, verdict }, value: _count }))),
    },
    {
      name: 'offprint_job_finished_seconds',
      help: 'The minute in which a job last ended, in seconds since 1970.',
      values: runs.map((row) => ({ labels: { job: row.job, outcome: row.outcome }, value: minuteOf(row.at) })),
    },
  ];
}

function minuteOf(at: Date): number {
  return (Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS) / 1000;
}

/** Sorts by what the labels say: an enum's own order would change with a new value. */
function byLabels(values: Measure['values']): Measure['values'] {
  const words = (one: { labels: Record<string, string> }) => Object.values(one.labels).join(' ');
  return values.sort((a, b) => (words(a) < words(b) ? -1 : 1));
}
