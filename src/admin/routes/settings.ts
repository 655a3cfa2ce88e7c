import { Router, type Request, type Response } from 'express';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { changeSetting } from '../../operate/change-setting.ts';
import type { Admin, Section } from '../admin.ts';
import { backTo } from '../respond.ts';
import { actorOf } from '../session.ts';
import { settingsView } from '../settings-view.ts';

const PATH = '/admin/settings';
/** Longest value that is read, in characters. */
const LONGEST = 500;

/** The settings: rates and caps change at run time, what the environment sets is locked. */
export const settings: Section = {
  area: 'settings',
  path: PATH,
  room: 'more',
  rights: {
    'GET /settings': 'owner',
    'GET /settings/:name': 'owner',
    'POST /settings/:name': { role: 'owner', fresh: true },
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/settings', (req, res) => show(admin, req, res));
  // A value that was refused stands at its own address: from there one comes back after signing in again.
  router.get('/settings/:name', (req, res) =>
    res.redirect(303, `${PATH}#${encodeURIComponent(pathPart(req, 'name'))}`),
  );
  router.post('/settings/:name', (req, res) => change(admin, req, res));
  return router;
}

async function show(
  { ctx, show }: Admin,
  req: Request,
  res: Response,
  wrong?: { name: string; value: string; problem: string },
): Promise<void> {
  const view = await settingsView(ctx, req, wrong);
  show(req, res, {
    template: 'settings',
    title: visitOf(req).words('admin.settings.title'),
    view,
    status: wrong ? 422 : 200,
  });
}

async function change(admin: Admin, req: Request, res: Response): Promise<void> {
  const name = pathPart(req, 'name');
  const isUsual = (await fieldOf(req, 'action')) === 'usual';
  const value = (await fieldOf(req, 'value')).trim().slice(0, LONGEST);
  const done = await changeSetting(admin.ctx, name, isUsual || value === '' ? null : value, actorOf(res));
  const { words } = visitOf(req);
  if (done.outcome === 'wrong')
    return show(admin, req, res, { name, value, problem: words(`admin.settings.${name}.expected`, { value }) });
  backTo(res, PATH, words(`admin.settings.said.${done.outcome}`, { name }));
}
