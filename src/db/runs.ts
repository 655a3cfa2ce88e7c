import type { Tx } from './client.ts';

/** One execution of a job, as recorded. */
export interface RunRecord {
  id: number;
  job: string;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: 'running' | 'done' | 'failed';
  counts: Record<string, number> | null;
  error: string | null;
}

/** Records that a job began and returns the run's id. */
export async function startRun(db: Tx, job: string, now: Date): Promise<number> {
  return (await db.run.create({ data: { job, startedAt: now }, select: { id: true } })).id;
}

/** Records how a run ended. */
export async function finishRun(
  db: Tx,
  id: number,
  end: { now: Date; counts?: Record<string, number>; error?: string },
): Promise<void> {
  await db.run.update({
    where: { id },
    data: {
      finishedAt: end.now,
      outcome: end.error === undefined ? 'done' : 'failed',
      ...(end.counts ? { counts: end.counts } : {}),
      error: end.error ?? null,
    },
  });
}

/** Closes runs whose process died: the caller holds the job's lock, so none of them can be alive. */
export async function closeDeadRuns(db: Tx, job: string, now: Date): Promise<number> {
  const data = { finishedAt: now, outcome: 'failed' as const, error: 'the process ended before the run did' };
  return (await db.run.updateMany({ where: { job, outcome: 'running' }, data })).count;
}

/** Lists the newest runs, newest first. */
export async function listRuns(db: Tx, limit: number, job?: string): Promise<RunRecord[]> {
  const rows = await db.run.findMany({ where: job ? { job } : {}, orderBy: { id: 'desc' }, take: limit });
  return rows.map((row) => ({ ...row, counts: row.counts as Record<string, number> | null }));
}

/** Deletes runs that started before `busyBefore`, and those that found nothing to do before `idleBefore`. Returns how many. */
export async function forgetRuns(db: Tx, busyBefore: Date, idleBefore: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM runs WHERE outcome <> 'running' AND started_at < ${idleBefore}
      AND (started_at < ${busyBefore} OR (outcome = 'done' AND NOT jsonb_path_exists(counts, '$.* ? (@ <> 0)')))`;
}
