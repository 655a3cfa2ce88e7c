import { z } from 'zod';
import type { FailingJob } from '../db/operator/runs.ts';
import type { SetAsideGroup } from '../db/subscribers/set-aside.ts';
import { READY_CHECKS, type ReadyCheck } from './readiness.ts';
import type { SourceReport } from './report-sources.ts';

const instant = z.iso.datetime();

/** Whether a process can serve, and what else is in trouble, as `/readyz?verbose` tells it. */
export const readinessAnswer = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.enum(READY_CHECKS), ok: z.boolean(), says: z.string() })),
  failingJobs: z.array(z.object({ job: z.string(), failures: z.int(), since: instant, error: z.string() })),
  readersSetAside: z.array(z.object({ problem: z.string(), count: z.int(), newestAt: instant })),
  sourcesInTrouble: z.array(
    z.object({ source: z.string(), state: z.enum(['failing', 'silent']), problem: z.string() }),
  ),
});

/** What makes no process unready, and is told all the same. */
export interface Standing {
  jobs: readonly FailingJob[];
  aside: readonly SetAsideGroup[];
  sources: readonly SourceReport[];
}

/** Tells whether a process can serve and how things stand. */
export function readinessView(checks: readonly ReadyCheck[], standing: Standing): z.output<typeof readinessAnswer> {
  return {
    ready: checks.every(({ ok }) => ok),
    checks: checks.map(({ name, ok, says }) => ({ name, ok, says })),
    failingJobs: standing.jobs.map(({ job, failures, since, error }) => ({
      ...{ job, failures, error },
      since: since.toISOString(),
    })),
    readersSetAside: standing.aside.map(({ problem, count, newestAt }) => ({
      ...{ problem, count },
      newestAt: newestAt.toISOString(),
    })),
    sourcesInTrouble: standing.sources.flatMap(({ source, state, record }) =>
      state === 'failing' || state === 'silent' ? [{ source, state, problem: record?.failure ?? 'nothing new' }] : [],
    ),
  };
}
