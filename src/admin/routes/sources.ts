import { Router, type Request, type Response } from 'express';
import { fieldOf } from '../../http/bodies.ts';
import { momentText } from '../../http/moments.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { atLeast } from '../../model/role.ts';
import { beginBackfill, foreseeBackfill } from '../../operate/errands/backfill.ts';
import { fetchSource } from '../../operate/fetch-source.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { backTo } from '../respond.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { sourcesView } from '../sources-view.ts';

const PATH = '/admin/sources';

/** The sources and how each stands, what is held on top; one can be asked at once, or for days that are over. */
export const sources: Section = {
  area: 'sources',
  path: PATH,
  room: 'sources',
  rights: { 'GET /sources': 'viewer', 'POST /sources/:name': 'editor', 'POST /sources/:name/past': 'editor' },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/sources', async (req, res) => {
    const mayAct = atLeast(sessionFrom(res).role, 'editor');
    const view = { ...(await sourcesView(admin.ctx, req)), mayAct };
    admin.show(req, res, { template: 'sources', title: visitOf(req).words('admin.sources.title'), view });
  });
  router.post('/sources/:name', (req, res) => fetchNow(admin, req, res));
  router.post('/sources/:name/past', (req, res) => fetchPast(admin, req, res));
  return router;
}

async function fetchNow({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words, language } = visitOf(req);
  const source = pathPart(req, 'name');
  const done = await fetchSource(ctx, source, actorOf(res));
  const until = done.outcome === 'resting' ? momentText(language, done.until) : '';
  backTo(res, PATH, words(`admin.sources.said.${done.outcome}`, { source, until }));
}

/** Begins to take in past days of a source, once it was said what that means. */
async function fetchPast(admin: Admin, req: Request, res: Response): Promise<void> {
  const { ctx } = admin;
  const { words } = visitOf(req);
  const wish = { source: pathPart(req, 'name'), from: await fieldOf(req, 'from'), to: await fieldOf(req, 'to') };
  const foreseen = await foreseeBackfill(ctx, wish);
  if (foreseen.outcome !== 'ready') {
    const { outcome, ...limits } = foreseen;
    return backTo(res, PATH, words(`admin.sources.pastRefused.${outcome}`, { source: wish.source, ...limits }));
  }
  const { days, known, atLeastMs } = foreseen;
  const minutes = Math.floor(atLeastMs / 60_000);
  const sure = await isSure(admin, req, res, {
    title: words('admin.sources.pastTitle', { source: wish.source }),
    says: [
      words('admin.sources.pastSays', { ...wish, days, known }),
      ...(known < days ? [words('admin.sources.pastTakes', { minutes })] : []),
      words('admin.sources.pastStays'),
    ],
    ...{ yes: words('admin.sources.pastYes'), no: words('admin.sources.pastNo'), back: PATH },
    fields: { from: wish.from, to: wish.to },
  });
  if (!sure) return;
  const id = await beginBackfill(ctx, wish, actorOf(res));
  if (id !== null) res.redirect(303, `/admin/errands/${id}`);
}
