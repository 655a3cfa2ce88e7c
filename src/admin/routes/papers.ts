import { Router, type Request, type Response } from 'express';
import { loadPaperDossier, type PaperDossier } from '../../db/digests/paper-dossier.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { atLeast } from '../../model/role.ts';
import { withholdPaper } from '../../operate/withhold-paper.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { paperView } from '../paper-view.ts';
import { backTo } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { readersFitting } from '../paper-readers-view.ts';

const PATH = '/admin/papers';

/** One paper: what it is known by, whom it fits, who had it; it can be withheld. */
export const paper: Section = {
  area: 'paper',
  path: PATH,
  room: 'sources',
  rights: { 'GET /papers/:id': 'viewer', 'POST /papers/:id': 'editor' },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/papers/:id', async (req, res, next) => {
    const dossier = await loadPaperDossier(admin.ctx.db, pathPart(req, 'id'));
    if (!dossier) return next();
    if (dossier.publicId !== pathPart(req, 'id')) return res.redirect(302, `${PATH}/${dossier.publicId}`);
    const mayAct = atLeast(sessionFrom(res).role, 'editor');
    const view = { ...(await paperView(admin.ctx, req, dossier)), mayAct };
    admin.show(req, res, { template: 'paper', title: view.heading, view });
  });
  router.post('/papers/:id', async (req, res, next) => {
    const dossier = await loadPaperDossier(admin.ctx.db, pathPart(req, 'id'));
    if (!dossier) return next();
    await act(admin, req, res, dossier);
  });
  return router;
}

async function act(admin: Admin, req: Request, res: Response, dossier: PaperDossier): Promise<void> {
  const { words } = visitOf(req);
  const page = `${PATH}/${dossier.publicId}`;
  const action = await fieldOf(req, 'action');
  if (action !== 'withhold' && action !== 'free') return backTo(res, page, words('admin.paper.noAct'));
  if (action === 'withhold' && !(await mayWithhold(admin, req, res, dossier))) return;
  const { outcome } = await withholdPaper(admin.ctx, dossier.publicId, action === 'withhold', actorOf(res));
  backTo(res, page, words(`admin.paper.said.${outcome}`));
}

async function mayWithhold(admin: Admin, req: Request, res: Response, dossier: PaperDossier): Promise<boolean> {
  const { words, count } = sayingFor(admin.ctx, req);
  const fitting = await readersFitting(admin.ctx, dossier.id);
  return isSure(admin, req, res, {
    title: words('admin.paper.ask.title'),
    says: [
      words('admin.paper.ask.what', { title: dossier.title }),
      words('admin.paper.ask.readers', {
        n: fitting.count,
        count: fitting.isMore ? `> ${count(fitting.count)}` : count(fitting.count),
      }),
      words('admin.paper.ask.chosen'),
      words('admin.paper.ask.back'),
    ],
    yes: words('admin.paper.withhold'),
    no: words('admin.paper.ask.no'),
    back: `${PATH}/${dossier.publicId}`,
    fields: { action: 'withhold' },
  });
}
