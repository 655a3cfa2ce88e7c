import type { Config } from './config.ts';
import type { Context } from './context.ts';
import type { JobName } from './model/job.ts';
import { refreshKeys } from './db/keys.ts';
import { closeDeadRuns, finishRun, startRun } from './db/operator/runs.ts';
import { withLock } from './db/locks.ts';
import { findHold } from './db/sending/holds.ts';
import { runDeliver } from './deliver/run-deliver.ts';
import { runIngest } from './ingest/run-ingest.ts';
import { messageOf } from './lib/errors.ts';
import { refreshSettings } from './live-settings.ts';
import { refreshTopics } from './live-topics.ts';
import { runMatch } from './match/run-match.ts';
import type { Actor } from './model/actor.ts';
import { runHooks } from './hooks/run-hooks.ts';
import { runHousekeeping } from './operate/housekeeping.ts';
import { runErrands } from './operate/errands/run-errands.ts';
import { pingDailyRun } from './operate/daily-ping.ts';
import { raiseAlarms } from './operate/raise-alarms.ts';
import { runPlan } from './plan/run-plan.ts';

/** What a run did, in numbers. */
export type Counts = Record<string, number>;

/** How one run is asked for. */
export interface RunOptions {
  /** Aborts at the next safe point. */
  signal?: AbortSignal;
  /** Reports progress of long work: done so far, and of how many where that is known. */
  progress?: (done: number, total: number | null) => void;
}

/** A named scheduled act. */
export interface Job {
  name: JobName;
  /** When it is woken by itself (cron, UTC). Who is due is asked of the database, never of the tick. */
  cron: string;
  does: string;
  /** One runner at a time over all processes; deliver may run in many, its claims keep them apart. */
  exclusive: boolean;
  run(ctx: Context, options: RunOptions): Promise<Counts>;
  /** Jobs that have something to do when this one did something. */
  wakes: JobName[];
  /** Where it may run, and is woken: in processes with these settings. Everywhere where nothing is said. */
  where?(config: Config): boolean;
  /** Asked at each tick: whether there is anything to do. Where nothing is said the job finds out. */
  isDue?(ctx: Context): Promise<boolean>;
  /** What it does could repeat what was done already: it rests while sending is on hold after a restore. */
  rests?: true;
}

/** The jobs, in the order of the journey. */
export const jobs: readonly Job[] = [
  {
    name: 'ingest',
    cron: '* * * * *',
    does: 'reads new digests from every source',
    exclusive: true,
    run: async (ctx, options) => telling(ctx, await runIngest(ctx, options), 'job:ingest'),
    wakes: ['match', 'deliver'],
  },
  {
    name: 'match',
    cron: '* * * * *',
    does: 'compares new papers and new interests',
    exclusive: true,
    run: async (ctx) => ({ ...(await runMatch(ctx)) }),
    wakes: ['plan'],
  },
  {
    name: 'plan',
    cron: '* * * * *',
    does: 'chooses papers for everyone who is due',
    exclusive: true,
    run: async (ctx, options) => telling(ctx, await runPlan(ctx, options), 'job:plan'),
    wakes: ['deliver'],
    rests: true,
  },
  {
    name: 'deliver',
    cron: '* * * * *',
    does: 'sends what is planned',
    exclusive: false,
    run: async (ctx, options) => ({ ...(await runDeliver(ctx, options)) }),
    wakes: ['hooks'], // editions that are over
    rests: true,
  },
  {
    name: 'housekeeping',
    cron: '* * * * *',
    does: 'returns lost claims, reminds, forgets what is over',
    exclusive: true,
    run: (ctx) => runHousekeeping(ctx),
    wakes: ['deliver'],
  },
  {
    name: 'hooks',
    cron: '* * * * *',
    does: 'tells other programs what happened',
    exclusive: true,
    run: async (ctx, { signal }) => ({ ...(await runHooks(ctx, { ...(signal && { signal }) })) }),
    wakes: [],
    rests: true,
  },
  {
    name: 'errands',
    cron: '* * * * *',
    does: 'goes on with imports and with acts on many readers',
    exclusive: true,
    run: (ctx, options) => runErrands(ctx, 'errands', options),
    wakes: [],
  },
  {
    name: 'resends',
    cron: '* * * * *',
    does: 'goes on with sending editions again',
    exclusive: true,
    run: (ctx, options) => runErrands(ctx, 'resends', options),
    wakes: [],
  },
  {
    name: 'backfill',
    cron: '* * * * *',
    does: 'goes on with taking in past days of sources',
    exclusive: true,
    run: (ctx, options) => runErrands(ctx, 'backfill', options),
    wakes: [],
  },
  {
    name: 'backup',
    cron: '* * * * *',
    does: 'takes a backup once a day, and tries one a week',
    exclusive: true,
    where: ({ BACKUP_DIR }) => BACKUP_DIR !== undefined,
    isDue: async (ctx) => (await backups()).backupIsDue(ctx),
    run: async (ctx, { signal }) => ({ ...(await (await backups()).runBackup(ctx, signal)) }),
    wakes: [],
  },
];

/** Loads with what reads and writes archives, which a service without BACKUP_DIR never needs. */
const backups = () => import('./backup/run-backup.ts');

/** Raises the alarms that a run gave reason for, and counts them. */
async function telling(ctx: Context, counts: object, by: Actor): Promise<Counts> {
  return { ...counts, alarms: await raiseAlarms(ctx, by) };
}

/**
 * Raises the alarm of a job that goes on failing; where that fails too (the database is away), the next failure tells.
 */
async function tellOfFailure(ctx: Context, job: Job): Promise<void> {
  try {
    if ((await raiseAlarms(ctx, `job:${job.name}`)) > 0) await ctx.queue.wake('deliver');
  } catch (error) {
    ctx.log.warn({ problem: messageOf(error) }, 'alarm');
  }
}

/** Finds a job by name. */
export function jobNamed(name: string): Job | undefined {
  return jobs.find((job) => job.name === name);
}

/**
 * Runs a job now: waits for its lock, times it, records the run, writes one log line and wakes what comes after.
 * Throws what the job threw, after recording it.
 */
export async function runJob(ctx: Context, job: Job, options: RunOptions = {}): Promise<Counts> {
  const work = async () => {
    if (job.rests && (await findHold(ctx.db))) return {}; // unrecorded: `status` tells of it, and how it ends
    if (job.exclusive && (await closeDeadRuns(ctx.db, job.name, ctx.now())) > 0) await tellOfFailure(ctx, job);
    return recorded(ctx, job, options);
  };
  return job.exclusive ? withLock(ctx.db, `job:${job.name}`, work) : work();
}

async function recorded(ctx: Context, job: Job, options: RunOptions): Promise<Counts> {
  const started = performance.now();
  const ended = await pingDailyRun(ctx, job.name);
  const run = await startRun(ctx.db, job.name, ctx.now());
  try {
    await refreshKeys(ctx.db, ctx.keys);
    await refreshSettings(ctx);
    await refreshTopics(ctx);
    const counts = await job.run(ctx, options);
    await finishRun(ctx.db, run, { now: ctx.now(), counts });
    await ended('done');
    const busy = Object.values(counts).some((count) => count > 0);
    ctx.log[busy ? 'info' : 'debug']({ job: job.name, ...counts, ms: Math.round(performance.now() - started) }, 'run');
    if (busy) for (const next of job.wakes) await ctx.queue.wake(next);
    return counts;
  } catch (error) {
    await finishRun(ctx.db, run, { now: ctx.now(), error: messageOf(error) }).catch(() => {});
    await tellOfFailure(ctx, job);
    await ended('failed');
    ctx.log.error({ job: job.name, err: error, ms: Math.round(performance.now() - started) }, 'run failed');
    throw error;
  }
}
