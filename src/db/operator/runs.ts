import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { oneLine } from '../../lib/errors.ts';
import { latestBy } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import { instant, int4, int8, text } from '../columns.ts';
import type { Run as RunRow } from '../generated/client.ts';
import { command, query, sql } from '../statement.ts';

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

/** A job whose last runs all failed. */
export interface FailingJob {
  job: string;
  /** How many runs in a row, and when the first of them began. */
  failures: number;
  since: Date;
  /** The first of them, and the last that went well (0: none known). */
  firstId: number;
  lastDoneId: number;
  /** What the newest of them said, in one line. */
  error: string;
}

/** So many runs in a row that fail are no accident. */
const FAILING_FROM = 3;
/** How many days a run is remembered that did something. */
export const RUN_DAYS = 30;

const failing = query(
  'failing jobs',
  { job: text, failures: int8, since: instant, firstId: int4, lastDoneId: int4, error: text },
  (given: { latest: Date }) => sql`
    WITH RECURSIVE names AS (
      SELECT min(job) AS job FROM runs UNION ALL SELECT (SELECT min(job) FROM runs WHERE job > n.job) FROM names n WHERE n.job IS NOT NULL),
    last AS (
      SELECT n.job, d.id, d.started_at FROM names n LEFT JOIN LATERAL (
        SELECT id, started_at FROM runs WHERE job = n.job AND outcome = 'done' AND started_at <= ${given.latest}
        ORDER BY started_at DESC, id DESC LIMIT 1) d ON true WHERE n.job IS NOT NULL)
    SELECT l.job, f.failures, f.since, f."firstId", coalesce(l.id, 0) AS "lastDoneId", f.error
    FROM last l CROSS JOIN LATERAL (
      SELECT count(*) AS failures, min(r.started_at) AS since, min(r.id) AS "firstId",
        coalesce((array_agg(r.error ORDER BY r.started_at DESC, r.id DESC))[1], '') AS error
      FROM runs r WHERE r.job = l.job AND r.outcome = 'failed' AND r.started_at >= coalesce(l.started_at, '-infinity') AND r.started_at <= ${given.latest}
        AND (l.id IS NULL OR (r.started_at, r.id) > (l.started_at, l.id))) f
    WHERE f.failures >= ${FAILING_FROM} ORDER BY l.job`,
);

/** Lists the jobs of which three runs or more in a row have failed. */
export async function failingJobs(db: Tx, now: Date): Promise<FailingJob[]> {
  const rows = await failing(db, { latest: latestBy(now) });
  return rows.map((row) => ({ ...row, failures: Number(row.failures), error: oneLine(row.error) }));
}

/** Lists the newest runs, newest first. */
export async function listRuns(db: Tx, limit: number, job?: string): Promise<RunRecord[]> {
  const rows = await db.run.findMany({ where: job ? { job } : {}, orderBy: { id: 'desc' }, take: limit });
  return rows.map(toRecord);
}

const CURSOR = cursorOf('runs', 'number');

/** Lists runs page by page, newest first; all, or those of one job. */
export function pageOfRuns(
  db: Tx,
  { job, ...wish }: PageWish & { job?: string | undefined },
): Promise<Page<RunRecord>> {
  return readPage<[number], RunRecord>(
    CURSOR,
    wish,
    async (key, take) => {
      const where = { ...(job === undefined ? {} : { job }), ...(key ? { id: { lt: key[0] } } : {}) };
      return (await db.run.findMany({ where, orderBy: { id: 'desc' }, take })).map(toRecord);
    },
    ({ id }) => [id],
  );
}

const BUSY = cursorOf('busy runs', 'number');

const busy = query(
  'busy runs',
  { id: int4 },
  (given: { job: string; before: number | null; most: number }) => sql`
    SELECT id FROM runs WHERE (${given.job} = '' OR job = ${given.job}) AND (${given.before}::int IS NULL OR id < ${given.before})
      AND (outcome <> 'done' OR jsonb_path_exists(counts, '$.* ? (@ <> 0)'))
    ORDER BY id DESC LIMIT ${given.most}::int`,
);

/** Lists the runs that found something to do, failed or go on, newest first; of one job, or ('') of all. */
export function busyRuns(db: Tx, { job, ...wish }: PageWish & { job: string }): Promise<Page<RunRecord>> {
  return readPage<[number], RunRecord>(
    BUSY,
    wish,
    async (key, most) => {
      const ids = await busy(db, { job, before: key?.[0] ?? null, most });
      const where = { id: { in: ids.map(({ id }) => id) } };
      return (await db.run.findMany({ where, orderBy: { id: 'desc' } })).map(toRecord);
    },
    ({ id }) => [id],
  );
}

/** Finds a run by its number; null where there is none (any more). */
export async function findRun(db: Tx, id: number): Promise<RunRecord | null> {
  const row = await db.run.findUnique({ where: { id } });
  return row && toRecord(row);
}

function toRecord(row: RunRow): RunRecord {
  return { ...row, counts: row.counts as Record<string, number> | null };
}

/** Returns when a job first began that was to start at an instant or later; null where none is remembered. */
export async function findRunSince(db: Tx, job: string, since: Date): Promise<Date | null> {
  const found = await db.run.findFirst({
    where: { job, startedAt: { gte: since } },
    orderBy: { startedAt: 'asc' },
    select: { startedAt: true },
  });
  return found?.startedAt ?? null;
}

const forget = command(
  'forget runs',
  (given: { busyBefore: Date; idleBefore: Date }) => sql`
    DELETE FROM runs WHERE outcome <> 'running' AND started_at < ${given.idleBefore}
      AND id NOT IN (SELECT max(id) FROM runs WHERE outcome = 'done' GROUP BY job)
      AND (started_at < ${given.busyBefore} OR (outcome = 'done' AND NOT jsonb_path_exists(counts, '$.* ? (@ <> 0)')))`,
);

/**
 * Deletes runs that started before `busyBefore`, and those that found nothing to do before `idleBefore`, but for the
 * newest of each job that went well. Returns how many.
 */
export async function forgetRuns(db: Tx, busyBefore: Date, idleBefore: Date): Promise<number> {
  return forget(db, { busyBefore, idleBefore });
}

/** Returns when the newest run of a job ended, where it failed; null where it went well, or none is remembered. */
export async function lastFailure(db: Tx, job: string, now: Date): Promise<Date | null> {
  const newest = await newestEnd(db, job, now);
  return newest?.outcome === 'failed' ? newest.finishedAt : null;
}

/** Returns the newest run of a job that ended; null where none is remembered. */
export async function newestEnd(db: Tx, job: string, now: Date): Promise<RunRecord | null> {
  const latest = { lte: latestBy(now) };
  const where = { job, startedAt: latest, finishedAt: latest };
  const found = await db.run.findFirst({ where, orderBy: { startedAt: 'desc' } });
  return found && toRecord(found);
}

/** Returns when the oldest run began that is remembered; null where none is. */
export async function firstRunAt(db: Tx): Promise<Date | null> {
  const found = await db.run.findFirst({ orderBy: { id: 'asc' }, select: { startedAt: true } });
  return found?.startedAt ?? null;
}

/** Tells whether a run of a job that began at an instant or later ended well. */
export async function doneSince(db: Tx, job: string, since: Date, now: Date): Promise<boolean> {
  const where = { job, outcome: 'done' as const, startedAt: { gte: since, lte: latestBy(now) } };
  return (await db.run.findFirst({ where, select: { id: true } })) !== null;
}
