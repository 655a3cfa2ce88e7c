import { Router } from 'express';
import type { Context, JobName } from '../../context.ts';
import { countByState, countClaimable } from '../../db/ledger/deliveries.ts';
import { listDigests } from '../../db/digests/digests.ts';
import { listRuns, type RunRecord } from '../../db/operator/runs.ts';
import { sumReaders } from '../../db/subscribers/reader-sums.ts';
import { signOut } from '../../operate/sign-out.ts';
import { wakeJob } from '../../operate/wake-job.ts';
import { fieldOf } from '../../http/bodies.ts';
import { clearSessionCookie } from '../../http/session.ts';
import type { Admin, Section } from '../admin.ts';
import { atText, backTo } from '../respond.ts';
import { actorOf, sessionFrom } from '../session.ts';

/** The jobs a button may wake. */
const JOBS = ['ingest', 'match', 'plan', 'deliver', 'housekeeping'] as const satisfies readonly JobName[];

/** The overview: how many, how healthy, what ran, and «run now». */
export const dashboard: Section = {
  area: 'today',
  path: '/admin',
  room: 'today',
  rights: { 'GET /': 'viewer', 'POST /run': 'editor', 'POST /sign-out': 'viewer' },
  routes,
};

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    show(req, res, { template: 'dashboard', title: 'Overview', view: await overview(ctx) });
  });
  router.post('/run', async (req, res) => {
    const asked = await fieldOf(req, 'job');
    const job = JOBS.find((name) => name === asked);
    if (!job) return backTo(res, '/admin', 'No such job.');
    await wakeJob(ctx, job, actorOf(res));
    backTo(res, '/admin', `${job} is woken; what it did appears below when it is done.`);
  });
  router.post('/sign-out', async (_req, res) => {
    await signOut(ctx, sessionFrom(res).id, actorOf(res));
    clearSessionCookie(ctx, res);
    res.redirect(303, '/admin/sign-in');
  });
  return router;
}

async function overview(ctx: Context) {
  const [readers, states, claimable, digests, runs] = await Promise.all([
    sumReaders(ctx.db),
    countByState(ctx.db),
    countClaimable(ctx.db, ctx.now()),
    listDigests(ctx.db, { limit: 7 }),
    listRuns(ctx.db, 15),
  ]);
  return {
    readers,
    claimable,
    states: Object.entries(states).map(([state, count]) => ({
      state,
      count,
      href: `/admin/deliveries?state=${state}`,
    })),
    digests: digests.rows.map(({ digestOn, source, verdict, state, entryCount, reasons }) => ({
      ...{ digestOn, source, verdict, state, entryCount },
      reasons: reasons.join(' · '),
      well: state !== 'held',
    })),
    runs: runs.map(runView),
    jobs: JOBS,
  };
}

function runView({ job, startedAt, finishedAt, outcome, counts, error }: RunRecord) {
  const told = Object.entries(counts ?? {}).filter(([, count]) => count !== 0);
  return {
    job,
    outcome,
    failed: outcome === 'failed',
    at: atText(startedAt),
    seconds: finishedAt ? ((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1) : '–',
    told: error ?? told.map(([name, count]) => `${name} ${count}`).join(', '),
  };
}
