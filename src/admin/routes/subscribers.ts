import { Router, type Request, type Response } from 'express';
import type { Context } from '../../context.ts';
import {
  findListedSubscriber,
  listSubscribers,
  searchSubscribers,
  type ListedSubscriber,
} from '../../db/subscribers/list.ts';
import { links } from '../../links/links.ts';
import { displayAddress } from '../../model/address.ts';
import { LINES } from '../../model/match.ts';
import { atLeast } from '../../model/role.ts';
import type { SubscriberStatus } from '../../model/subscriber.ts';
import { fieldOf } from '../../http/bodies.ts';
import { cursorIn } from '../../http/pager.ts';
import { parameter, pathPart } from '../../http/parameters.ts';
import { filtersView, tableOfRows } from '../../http/table.ts';
import type { Admin, Section } from '../admin.ts';
import { adminPager, atText, backTo } from '../respond.ts';
import { actOnReader } from '../reader-acts.ts';
import { historyView } from '../reader-history.ts';
import { actorOf, seesAddresses, sessionFrom } from '../session.ts';

const PATH = '/admin/subscribers';
const PAGE = 50;
const PUBLIC_ID = /^[a-z0-9]{20}$/;
const STATUSES = ['pending', 'confirmed', 'unsubscribed'] as const satisfies readonly SubscriberStatus[];
const WORDS = {
  label: 'Readers',
  columns: ['Address', 'Status', 'Schedule', 'Next', 'Their links'],
  empty: 'No readers here.',
};

/** The readers: a searchable list with their own links, and a page per reader with what may be done for them. */
export const subscribers: Section = {
  area: 'readers',
  path: PATH,
  room: 'readers',
  rights: {
    'GET /subscribers': 'viewer',
    'GET /subscribers/:publicId': 'viewer',
    'POST /subscribers/:publicId': { role: 'editor', acts: { erase: { role: 'editor', fresh: true } } },
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/subscribers', (req, res) => showList(admin, req, res));
  router.get('/subscribers/:publicId', async (req, res, next) => {
    const row = await findListedSubscriber(admin.ctx.db, pathPart(req, 'publicId'));
    if (!row) return next();
    const view = {
      reader: readerView(admin.ctx, row, seesAddresses(res)),
      mayAct: atLeast(sessionFrom(res).role, 'editor'),
      wishes: row.wishes,
      ...(await historyView(admin.ctx, req, row, seesAddresses(res))),
    };
    admin.show(req, res, { template: 'subscriber', title: row.email, view });
  });
  router.post('/subscribers/:publicId', async (req, res, next) => {
    const row = await findListedSubscriber(admin.ctx.db, pathPart(req, 'publicId'));
    if (!row) return next();
    const { page, said } = await actOnReader(admin.ctx, row, await fieldOf(req, 'action'), actorOf(res));
    backTo(res, page, said);
  });
  return router;
}

async function showList({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const sees = seesAddresses(res);
  const given = parameter(req, 'q', 500);
  const q = sees || PUBLIC_ID.test(given) ? given : ''; // whoever may search for parts of an address can spell it
  const status = STATUSES.find((one) => one === req.query['status']);
  const query = { status, limit: PAGE, cursor: cursorIn(req) };
  const page = await (q ? searchSubscribers(ctx.db, q, query) : listSubscribers(ctx.db, query));
  const asked = { q, status: status ?? '' };
  const filters = filtersView(PATH, 'Search', [
    { name: 'q', label: sees ? 'Address, its beginning, or public id' : 'Public id', type: 'search', value: asked.q },
    {
      name: 'status',
      label: 'Status',
      value: asked.status,
      options: STATUSES.map((value) => ({ value, name: value })),
    },
  ]);
  const rows = page.rows.map((row) => readerView(ctx, row, sees));
  const view = { filters, table: tableOfRows(WORDS, rows, adminPager(req, page, asked)) };
  show(req, res, { template: 'subscribers', title: 'Readers', view });
}

function readerView(ctx: Context, row: ListedSubscriber, sees: boolean) {
  const key = ctx.keys.link[0];
  if (!key) throw new Error('No key to sign links with');
  return {
    publicId: row.publicId,
    email: displayAddress(row.email),
    status: row.status,
    suppressed: row.suppressed ?? '',
    schedule: `${row.cadence}, ${String(row.hour).padStart(2, '0')}:00 ${row.timeZone}`,
    next: atText(row.nextDueAt),
    paused: row.pausedUntil ? atText(row.pausedUntil) : '',
    since: atText(row.confirmedAt ?? row.createdAt),
    maxPapers: row.maxPapers,
    line: `${row.selectivity}: papers that are right with a probability of ${LINES[row.selectivity]} or more`,
    language: row.language,
    note: row.unsubscribeNote ?? '',
    isOut: row.status === 'unsubscribed',
    isConfirmed: row.status === 'confirmed',
    page: `/admin/subscribers/${row.publicId}`,
    unsubscribeUrl: !sees ? '' : links.unsubscribe('', key, row.publicId, row.generation),
    preferencesUrl: !sees ? '' : links.preferences('', key, row.publicId, row.generation),
  };
}
