import { z } from 'zod';
import type { Context } from '../../context.ts';
import { findAct, listActs } from '../../db/operator/acts-list.ts';
import { findErrandOf } from '../../db/operator/errands.ts';
import { busyRuns, findRun, listRuns, pageOfRuns } from '../../db/operator/runs.ts';
import { findHold } from '../../db/sending/holds.ts';
import { wakeJob } from '../../operate/wake-job.ts';
import { jobNamed } from '../../jobs.ts';
import { JOB_NAMES, type JobName } from '../../model/job.ts';
import { takeBack } from '../../operate/take-back.ts';
import { takeBackRefusal } from '../../operate/take-back-refusal.ts';
import { isOwnersAlone } from '../../operate/ways-back/ways-back.ts';
import { ApiProblem, missing } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { listBy } from '../schemas/common.ts';
import { actPage, actView, job, jobPage, run, runPage, runView, takenBack, woken } from '../schemas/operation.ts';

/** What runs once a day has run within so long. */
const LATELY_MS = 48 * 3_600_000;

const jobName = z.strictObject({ name: z.enum(JOB_NAMES) });

const acts = route({
  ...{ method: 'get', path: '/acts', resource: 'acts', scope: 'acts:read' },
  does: 'List the audit log, newest first',
  query: listBy({
    subject: z.string().min(1).max(200).optional().describe('Id of a reader, key of an edition …'),
    actor: z.string().min(1).max(400).optional().describe('Who: cli, reader, admin:…, token:…, job:…'),
    action: z.string().min(1).max(100).optional().describe('What: unsubscribe, digest.release …'),
    since: z.iso.datetime().optional().describe('From this moment on'),
    until: z.iso.datetime().optional().describe('Before this moment'),
  }),
  answers: { 200: { says: 'A page of acts', schema: actPage } },
  handle: async ({ ctx, query: { since, until, ...wish }, seesAddresses }) => {
    const span = { ...(since && { since: new Date(since) }), ...(until && { until: new Date(until) }) };
    const page = await listActs(ctx.db, { ...wish, ...span });
    const items = page.rows.map((row) => actView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const actNumber = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, 'expected the number of an act') });

const undo = route({
  ...{ method: 'post', path: '/acts/{id}/undo', resource: 'acts', scope: 'acts:write' },
  does: 'Take an act back, where nothing newer stands on it',
  more: 'What it changed is set back exactly. 409 names what stands in the way. An act on many is taken back reader by reader: 202. Roles and settings are an owner’s alone, on the page of the log: 403.',
  params: actNumber,
  exampleAt: { id: '4711' },
  answers: {
    200: { says: 'It is taken back', schema: takenBack },
    202: { says: 'It is being taken back', schema: takenBack },
  },
  handle: async ({ ctx, params, by }) => {
    const id = BigInt(params.id);
    const known = await findAct(ctx.db, id);
    if (known && isOwnersAlone(known.action)) throw new ApiProblem(403, 'Only an owner takes this back');
    const result = await takeBack(ctx, id, by);
    if (result.outcome !== 'taken-back' && result.outcome !== 'job') throw takeBackRefusal(id, result);
    const body = { outcome: result.outcome, act: params.id, by: String(result.by) };
    if (result.outcome === 'taken-back') return { status: 200, body };
    const errand = await findErrandOf(ctx.db, result.by);
    return { status: 202, body, ...(errand && { location: `/errands/${errand.id}` }) };
  },
});

const jobs = route({
  ...{ method: 'get', path: '/jobs', resource: 'jobs', scope: 'jobs:read' },
  does: 'List the jobs with the last run of each',
  answers: { 200: { says: 'All of them', schema: jobPage } },
  handle: async ({ ctx, seesAddresses }) => {
    const items = await Promise.all(JOB_NAMES.map((name) => jobView(ctx, name, seesAddresses)));
    return { status: 200, body: { items, next: null } };
  },
});

const oneJob = route({
  ...{ method: 'get', path: '/jobs/{name}', resource: 'jobs', scope: 'jobs:read' },
  does: 'Show a job and its last run',
  params: jobName,
  answers: { 200: { says: 'The job', schema: job } },
  handle: async ({ ctx, params: { name }, seesAddresses }) => ({
    status: 200,
    body: await jobView(ctx, name, seesAddresses),
  }),
});

const wake = route({
  ...{ method: 'post', path: '/jobs/{name}/wake', resource: 'jobs', scope: 'jobs:write' },
  does: 'Let a job run now rather than at its next tick',
  more: '409 where nothing would run it: while sending is on hold, or where no process has its setting.',
  params: jobName,
  answers: { 202: { says: 'It runs next', schema: woken } },
  handle: async ({ ctx, params: { name }, by }) => {
    await requireRunning(ctx, name);
    await wakeJob(ctx, name, by);
    return { status: 202, body: { job: name, outcome: 'woken' }, location: `/jobs/${name}` };
  },
});

const runs = route({
  ...{ method: 'get', path: '/runs', resource: 'jobs', scope: 'jobs:read' },
  does: 'List runs, newest first',
  query: listBy({
    job: z
      .string()
      .regex(/^[a-z-]{1,40}$/)
      .optional(),
    busy: z.literal('true').optional().describe('Only those that found something to do, failed or go on'),
  }),
  answers: { 200: { says: 'A page of runs', schema: runPage } },
  handle: async ({ ctx, query: { busy, job: of, ...wish }, seesAddresses }) => {
    const page = busy
      ? await busyRuns(ctx.db, { ...wish, job: of ?? '' })
      : await pageOfRuns(ctx.db, { ...wish, job: of });
    const items = page.rows.map((row) => runView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const oneRun = route({
  ...{ method: 'get', path: '/runs/{id}', resource: 'jobs', scope: 'jobs:read' },
  does: 'Show a run',
  params: z.strictObject({
    id: z.coerce
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1),
  }),
  exampleAt: { id: '4711' },
  answers: { 200: { says: 'The run', schema: run } },
  handle: async ({ ctx, params: { id }, seesAddresses }) => {
    const found = await findRun(ctx.db, id);
    if (!found) throw missing('run of this number (any more)');
    return { status: 200, body: runView(found, seesAddresses) };
  },
});

/** Throws 409 where a job rests, or runs in no process: not in this one, and lately in no other. */
async function requireRunning(ctx: Context, name: JobName): Promise<void> {
  const known = jobNamed(name);
  if (known?.rests && (await findHold(ctx.db)))
    throw new ApiProblem(409, 'It rests while sending is on hold; `offprint resume` lets it go on');
  if (known?.where?.(ctx.config) !== false) return;
  const [last] = await listRuns(ctx.db, 1, name);
  if (!last || ctx.now().getTime() - last.startedAt.getTime() > LATELY_MS)
    throw new ApiProblem(409, 'No process runs it: a backup is taken where BACKUP_DIR is set');
}

async function jobView(ctx: Context, name: JobName, seesAddresses: boolean) {
  const [last] = await listRuns(ctx.db, 1, name);
  return { name, lastRun: last ? runView(last, seesAddresses) : null };
}

/** The audit log, jobs and runs. */
export const operationRoutes: readonly Route[] = [acts, undo, jobs, oneJob, wake, runs, oneRun];
