import type { JobName } from '../../model/job.ts';
import type { Tx } from '../client.ts';
import { askWithin } from '../for-libraries.ts';

/** How long the call of a job has waited that nobody took up, by the database's clock. */
export interface QueueLag {
  job: JobName;
  seconds: number;
}

/** The table is the queue's own: it is made when the queue is first opened. */
const WAITING = `SELECT name AS job, greatest(0, extract(epoch FROM clock_timestamp() - min(start_after)))::float8 AS seconds
  FROM pgboss.job WHERE state = 'created' AND start_after <= clock_timestamp() AND name NOT LIKE '\\_\\_pgboss%' GROUP BY name ORDER BY name`;

/** Lists the jobs that were woken and wait, with how long; none where there is no queue yet. */
export async function listQueueLags(db: Tx): Promise<QueueLag[]> {
  const { rows: tables } = await askWithin(db, `SELECT to_regclass('pgboss.job')::text AS name`, []);
  if ((tables[0] as { name: string | null } | undefined)?.name == null) return [];
  return (await askWithin(db, WAITING, [])).rows as QueueLag[];
}
