import { Router, type Request, type Response } from 'express';
import { momentText } from '../../http/moments.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { atLeast } from '../../model/role.ts';
import { fetchSource } from '../../operate/fetch-source.ts';
import type { Admin, Section } from '../admin.ts';
import { backTo } from '../respond.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { sourcesView } from '../sources-view.ts';

const PATH = '/admin/sources';

/** The sources and how each stands, what is held on top; one can be asked at once. */
export const sources: Section = {
  area: 'sources',
  path: PATH,
  room: 'sources',
  rights: { 'GET /sources': 'viewer', 'POST /sources/:name': 'editor' },
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
  return router;
}

async function fetchNow({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words, language } = visitOf(req);
  const source = pathPart(req, 'name');
  const done = await fetchSource(ctx, source, actorOf(res));
  const until = done.outcome === 'resting' ? momentText(language, done.until) : '';
  backTo(res, PATH, words(`admin.sources.said.${done.outcome}`, { source, until }));
}
