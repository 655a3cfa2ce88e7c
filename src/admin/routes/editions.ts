import { Router, type Request, type Response } from 'express';
import type { Context } from '../../context.ts';
import { findEditions, listEditions } from '../../db/newsletters/editions.ts';
import { cursorIn } from '../../http/pager.ts';
import { parameter } from '../../http/parameters.ts';
import { eachPage } from '../../lib/cursor.ts';
import { addDays, dateOnly } from '../../lib/time.ts';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { isoWeek } from '../../model/edition.ts';
import type { Admin, Section } from '../admin.ts';
import { aside } from '../aside.ts';
import { sendCsv } from '../csv.ts';
import { progressView } from '../edition-view.ts';
import { adminPager } from '../respond.ts';
import { editionName } from '../edition-words.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { seesAddressesIn } from '../session.ts';
import { editionRoutes } from './edition.ts';

const PAGE = 100;
const CSV_PAGE = 500;

/** The editions, newest first with a bar each, and a page for each with its sums and what may be done. */
export const editions: Section = {
  ...{ area: 'editions', path: '/admin/editions', room: 'editions' },
  rights: {
    'GET /editions': 'viewer',
    'GET /editions/:key': 'viewer',
    'GET /editions/:key/dry-run': 'viewer',
    'GET /editions/:key/read/:id': 'editor',
    'POST /editions/:key': 'editor',
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/editions', (req, res) =>
    parameter(req, 'format') === 'csv'
      ? sendEditions(admin.ctx, req, res)
      : aside(admin, res, (from) => showEditions(from, req, res)),
  );
  router.use(editionRoutes(admin));
  return router;
}

async function showEditions({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const page = await listEditions(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
  const today = dateOnly(ctx.now());
  const rows = page.rows.map((row) => ({ ...progressView(row, say), today: dateOnly(row.createdAt) === today }));
  const title = say.words('admin.editions.title');
  const going = rows.filter(({ open }) => open > 0).length;
  const view = {
    ...{ title, rows, pager: adminPager(req, page) },
    csv: rows.length > 0 && seesAddressesIn(req) ? '/admin/editions?format=csv' : '',
    api: '/api/v1/editions',
    toCome: await toCome(ctx, say),
    sentence: say.words(rows.length === 0 ? 'admin.editions.empty' : 'admin.editions.lead', { count: going }),
  };
  show(req, res, { template: 'editions', title, view });
}

/** Writes all editions as CSV: a column for each state of their mails. */
async function sendEditions(ctx: Context, req: Request, res: Response): Promise<void> {
  const { words } = sayingFor(ctx, req);
  const heads = [
    ...['edition', 'state'].map((name) => words(`admin.editions.column.${name}`)),
    ...DELIVERY_STATES.map((name) => words(`admin.mail.state.${name}`)),
    words('admin.editions.column.waits'),
  ];
  const pages = eachPage((wish) => listEditions(ctx.db, wish), { limit: CSV_PAGE });
  await sendCsv(res, 'editions', heads, pages, ({ key, state, counts, waits }) => [
    ...[key, state === 'open' ? '' : words(`admin.editions.standing.${state}`)],
    ...DELIVERY_STATES.map((name) => counts[name] ?? 0),
    waits,
  ]);
}

/** The editions of today, tomorrow and the weeks around them of which nothing is there yet: editors may add to them. */
async function toCome({ db, now }: Context, { words, language }: Saying) {
  const today = dateOnly(now());
  const days = [today, addDays(today, 1)].map((day) => `daily:${day}`);
  const weeks = [today, addDays(today, 7)].map((day) => `weekly:${isoWeek(day)}`);
  const keys = [...days, ...weeks];
  const there = new Set((await findEditions(db, keys)).map(({ key }) => key));
  return keys
    .filter((key) => !there.has(key))
    .map((key) => ({ href: `/admin/editions/${encodeURIComponent(key)}`, name: editionName(key, words, language) }));
}
