import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import type { JobName } from '../model/job.ts';
import type { OpenContext } from '../create-context.ts';
import { jobs, runJob } from '../jobs.ts';
import { showLife } from '../heartbeat.ts';
import { followSettings } from '../live-settings.ts';
import { holdWhereBehind } from '../operate/hold-where-behind.ts';
import { startScheduler } from '../scheduler.ts';
import { watchForTrouble } from '../operate/alarms/watch.ts';
import { endOnSignal, type EndStep } from './end-on-signal.ts';
import { closeServer, listen } from './listen.ts';
import { openLasting } from './open-lasting.ts';

/** Builds `offprint worker`: one more worker process, on any machine with the same DATABASE_URL. */
export function workerCommand(): Command {
  return new Command('worker').action(async () => {
    const steps: EndStep[] = [];
    const opening = openLasting(loadConfig());
    endOnSignal(opening, steps);
    const ctx = await opening;
    await holdWhereBehind(ctx, 'job:journal');
    const { METRICS_PORT: port } = ctx.config;
    if (port !== undefined) steps.push(await monitor(ctx, port));
    const stopWork = await workQueue(ctx);
    steps.push(
      startScheduler(ctx, { all: false }),
      stopWork,
      followSettings(ctx),
      await showLife(ctx, 'worker'),
      watchForTrouble(ctx),
    );
    await ctx.queue.wake('deliver');
    process.stdout.write('Working. Ctrl-C ends it.\n');
  });
}

/** Serves what machines ask on a port of its own, with modules that nothing else of a worker needs. */
async function monitor(ctx: OpenContext, port: number): Promise<() => Promise<void>> {
  const [{ createHttpServer }, { createMonitorApp }] = [
    await import('../http/server.ts'),
    await import('../http/monitor.ts'),
  ];
  const server = createHttpServer(createMonitorApp(ctx), { ending: ctx.ending });
  try {
    await listen(server, port, 'METRICS_PORT');
  } catch (error) {
    await ctx.close();
    throw error;
  }
  process.stdout.write(`Watched at port ${(server.address() as AddressInfo).port}: /healthz, /readyz, /metrics\n`);
  return () => closeServer(server);
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
    if (ending.signal.aborted) return ctx.queue.wake(job.name); // taken as this process began to end: another does it
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
  const own = jobs.filter((job) => job.where?.(ctx.config) ?? true);
  await ctx.queue.work(Object.fromEntries(own.map((job) => [job.name, handle(job)])));
  return async () => {
    await ctx.queue.rest();
    ending.abort();
    await Promise.allSettled(running.values());
  };
}
