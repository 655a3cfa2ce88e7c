import { Router } from 'express';
import { listEditions } from '../../db/newsletters/editions.ts';
import { cursorIn, urlOf } from '../../http/pager.ts';
import { tableOfRows } from '../../http/table.ts';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import type { Admin, Section } from '../admin.ts';
import { adminPager } from '../respond.ts';

const WORDS = {
  label: 'Editions',
  columns: ['Edition', { number: 'All' }, ...DELIVERY_STATES.map((number) => ({ number }))],
  empty: 'No edition has been planned yet.',
};

/** The editions with their sums. */
export const editions: Section = {
  area: 'editions',
  path: '/admin/editions',
  room: 'editions',
  rights: { 'GET /editions': 'viewer' },
  routes,
};

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/editions', async (req, res) => {
    const page = await listEditions(ctx.db, { limit: 100, cursor: cursorIn(req) });
    const rows = page.rows.map(({ key, state, counts, waits }) => ({
      ...{ key, state, isOpen: state === 'open', waits },
      counts: DELIVERY_STATES.map((name) => ({
        count: counts[name] ?? 0,
        href: urlOf('/admin/deliveries', { edition: key, state: name }),
      })),
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    }));
    const view = { table: tableOfRows(WORDS, rows, adminPager(req, page)) };
    show(req, res, { template: 'editions', title: 'Editions', view });
  });
  return router;
}
