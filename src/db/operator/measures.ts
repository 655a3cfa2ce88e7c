import type { Tx } from '../client.ts';

/** One number to watch, as Prometheus wants it. */
export interface Measure {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}

/** Counts what an operator watches: readers by status, the ledger by kind and state, digests by verdict, when each job last ended. */
export async function readMeasures(db: Tx): Promise<Measure[]> {
  const [subscribers, deliveries, digests, runs] = await Promise.all([
    db.$queryRaw<
      { status: string; n: bigint }[]
    >`SELECT status::text, count(*) AS n FROM subscribers GROUP BY 1 ORDER BY 1`,
    db.$queryRaw<{ kind: string; state: string; n: bigint }[]>`
      SELECT kind::text, state::text, count(*) AS n FROM deliveries GROUP BY 1, 2 ORDER BY 1, 2`,
    db.$queryRaw<{ source: string; verdict: string; n: bigint }[]>`
      SELECT source, verdict::text, count(*) AS n FROM digests GROUP BY 1, 2 ORDER BY 1, 2`,
    db.$queryRaw<{ job: string; at: Date; outcome: string }[]>`
      SELECT DISTINCT ON (job) job, finished_at AS at, outcome::text
      FROM runs WHERE finished_at IS NOT NULL ORDER BY job, finished_at DESC`,
  ]);
  return [
    {
      name: 'offprint_subscribers',
      help: 'Subscribers by status.',
      values: subscribers.map((row) => count({ status: row.status }, row.n)),
    },
    {
      name: 'offprint_deliveries',
      help: 'Mails in the ledger by kind and state.',
      values: deliveries.map((row) => count({ kind: row.kind, state: row.state }, row.n)),
    },
    {
      name: 'offprint_digests',
      help: 'Digests by source and verdict.',
      values: digests.map((row) => count({ source: row.source, verdict: row.verdict }, row.n)),
    },
    {
      name: 'offprint_job_finished_seconds',
      help: 'When a job last ended, in seconds since 1970.',
      values: runs.map((row) => ({ labels: { job: row.job, outcome: row.outcome }, value: row.at.getTime() / 1000 })),
    },
  ];
}

function count(labels: Record<string, string>, n: bigint) {
  return { labels, value: Number(n) };
}
