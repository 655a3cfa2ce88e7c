import { Router, type Request, type Response } from 'express';
import { JOB_NAMES } from '../../model/job.ts';
import { DAYS } from '../../operate/today/look-at-today.ts';
import { signOut } from '../../operate/sign-out.ts';
import { testAlarm } from '../../operate/test-alarm.ts';
import { trySending } from '../../operate/try-sending.ts';
import { wakeJob } from '../../operate/wake-job.ts';
import { fieldOf } from '../../http/bodies.ts';
import { clearSessionCookie } from '../../http/session.ts';
import { visitOf } from '../../http/visit.ts';
import type { Admin, Section } from '../admin.ts';
import { backTo } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { createTodayWatch, type TodayWatch } from '../today/today-watch.ts';
import { nowView } from '../today/today-view.ts';
import { sendEvents } from './events.ts';

/** The first page: what needs somebody, what goes out, how many read. */
export const today: Section = {
  area: 'today',
  path: '/admin',
  room: 'today',
  rights: {
    ...{ 'GET /': 'viewer', 'GET /now': 'viewer', 'GET /events': 'viewer', 'POST /sign-out': 'viewer' },
    ...{ 'POST /run': 'editor', 'POST /try-sending': 'editor', 'POST /test-alarm': 'editor' },
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  const { ctx, show } = admin;
  const watch = createTodayWatch(ctx);
  router.get('/', (req, res) => showToday(admin, watch, req, res));
  router.get('/now', async (req, res) => {
    const view = { now: nowView(ctx, await watch.last(), sayingFor(ctx, req), sessionFrom(res).role) };
    show(req, res, { template: 'fragment-now', title: '', view });
  });
  router.get('/events', (req, res) => sendEvents(ctx, watch, req, res));
  router.post('/run', async (req, res) => {
    const { words } = visitOf(req);
    const asked = await fieldOf(req, 'job');
    const job = JOB_NAMES.find((name) => name === asked);
    if (!job) return backTo(res, '/admin', words('admin.today.noJob'));
    await wakeJob(ctx, job, actorOf(res));
    backTo(res, '/admin', words('admin.today.woken', { job: words(`admin.job.${job}`) }));
  });
  router.post('/try-sending', async (req, res) => {
    const ways = await trySending(ctx, actorOf(res));
    backTo(res, '/admin', visitOf(req).words('admin.today.tried', { n: ways }));
  });
  router.post('/test-alarm', async (req, res) => {
    const sent = await testAlarm(ctx, actorOf(res));
    backTo(res, '/admin', visitOf(req).words(sent ? 'admin.today.alarmSent' : 'admin.today.noAlarm'));
  });
  router.post('/sign-out', async (_req, res) => {
    await signOut(ctx, sessionFrom(res).id, actorOf(res));
    clearSessionCookie(ctx, res);
    res.redirect(303, '/admin/sign-in');
  });
  return router;
}

async function showToday({ ctx, show }: Admin, watch: TodayWatch, req: Request, res: Response): Promise<void> {
  const seen = await watch.look();
  const say = sayingFor(ctx, req);
  const { days, readers, topics } = seen.today;
  const { chartsOf } = await import('../today/charts.ts'); // what draws is not loaded before somebody looks
  const on = ctx.now().toISOString().slice(0, 10);
  const view = {
    now: nowView(ctx, seen, say, sessionFrom(res).role),
    charts: readers.confirmed + readers.unsubscribed === 0 ? [] : chartsOf(days, readers.confirmed, on, DAYS, say),
    topics: topics.map(({ slug, name, readers: n }) => ({ slug, name, readers: say.count(n) })),
  };
  show(req, res, { template: 'today', title: say.words('admin.today.title'), view });
}
