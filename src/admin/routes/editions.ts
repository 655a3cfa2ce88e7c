import { Router } from 'express';
import { listEditions } from '../../db/newsletters/editions.ts';
import { cursorIn } from '../../http/pager.ts';
import { dateOnly } from '../../lib/time.ts';
import type { Admin, Section } from '../admin.ts';
import { progressView } from '../edition-view.ts';
import { adminPager } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { editionRoutes } from './edition.ts';

const PAGE = 100;

/** The editions, newest first with a bar each, and a page for each with its sums and what may be done. */
export const editions: Section = {
  ...{ area: 'editions', path: '/admin/editions', room: 'editions' },
  rights: {
    'GET /editions': 'viewer',
    'GET /editions/:key': 'viewer',
    'GET /editions/:key/read/:id': 'editor',
    'POST /editions/:key': 'editor',
  },
  routes,
};

function routes(admin: Admin): Router {
  const { ctx, show } = admin;
  const router = Router();
  router.get('/editions', async (req, res) => {
    const say = sayingFor(ctx, req);
    const page = await listEditions(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
    const today = dateOnly(ctx.now());
    const rows = page.rows.map((row) => ({ ...progressView(row, say), today: dateOnly(row.createdAt) === today }));
    const title = say.words('admin.editions.title');
    const going = rows.filter(({ open }) => open > 0).length;
    const view = {
      ...{ title, rows, pager: adminPager(req, page) },
      sentence: say.words(rows.length === 0 ? 'admin.editions.empty' : 'admin.editions.lead', { count: going }),
    };
    show(req, res, { template: 'editions', title, view });
  });
  router.use(editionRoutes(admin));
  return router;
}
