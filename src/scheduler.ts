import cron, { type ScheduledTask } from 'node-cron';
import type { Context } from './context.ts';
import { jobs, type Job } from './jobs.ts';
import { messageOf } from './lib/errors.ts';

/**
 * Starts one tick per job: of those that any process may run where `all` is asked for, and of those that few may run
 * (`where`) in each that may, since the others do not know whether anybody would. A tick only asks the queue, which
 * holds at most one waiting call of each. Returns what stops them.
 */
export function startScheduler(ctx: Context, { all }: { all: boolean }): () => Promise<void> {
  const own = jobs.filter((job) => job.where?.(ctx.config) ?? all);
  const tasks: ScheduledTask[] = own.map((job) =>
    cron.schedule(
      job.cron,
      () =>
        tick(ctx, job).catch((error: unknown) => {
          ctx.log.error({ job: job.name, problem: messageOf(error) }, 'tick');
        }),
      { name: job.name, noOverlap: true, timezone: 'UTC' },
    ),
  );
  return async () => {
    for (const task of tasks) await task.destroy();
  };
}

async function tick(ctx: Context, job: Job): Promise<void> {
  if ((await job.isDue?.(ctx)) ?? true) await ctx.queue.wake(job.name);
}
