import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import type { JobName } from '../model/job.ts';
import { openContext, type OpenContext } from '../create-context.ts';
import { jobs, runJob } from '../jobs.ts';
import { followSettings } from '../live-settings.ts';
import { endOnSignal } from './end-on-signal.ts';

/** Builds `offprint worker`: one more worker process, on any machine with the same DATABASE_URL. */
export function workerCommand(): Command {
  return new Command('worker').action(async () => {
    const steps: (() => Promise<void>)[] = [];
    const opening = openContext(loadConfig());
    endOnSignal(opening, steps);
    const ctx = await opening;
    steps.push(await workQueue(ctx), followSettings(ctx));
    await ctx.queue.wake('deliver');
    process.stdout.write('Working. Ctrl-C ends it.\n');
  });
}

/**
 * Lets this process take jobs off the queue; returns what stops it: nothing new is begun, what runs is aborted at its
 * next safe point.
 */
export async function workQueue(ctx: OpenContext): Promise<() => Promise<void>> {
  const ending = new AbortController();
  const running = new Map<JobName, Promise<unknown>>();
  const wantedAgain = new Set<JobName>();
  const handle = (job: (typeof jobs)[number]) => async () => {
    if (ending.signal.aborted) return;
    const current = running.get(job.name);
    if (current) {
      wantedAgain.add(job.name); // the queue gave up waiting for a long run: one at a time in this process all the same
      return current;
    }
    const run = (async () => {
      do {
        wantedAgain.delete(job.name);
        await runJob(ctx, job, { signal: ending.signal }).catch(() => {}); // recorded and logged by runJob
      } while (wantedAgain.has(job.name) && !ending.signal.aborted);
    })();
    running.set(job.name, run);
    await run.finally(() => running.delete(job.name));
  };
  const handlers = Object.fromEntries(jobs.map((job) => [job.name, handle(job)])) as Record<
    JobName,
    () => Promise<void>
  >;
  await ctx.queue.work(handlers);
  return async () => {
    ending.abort();
    await Promise.allSettled(running.values());
  };
}
