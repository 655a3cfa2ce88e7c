import type { Context } from '../../context.ts';
import { Router, type Request, type Response } from 'express';
import { countFiltered, listFiltered, MOST_COUNTED } from '../../db/subscribers/filtered.ts';
import { countSuppressedReaders } from '../../db/subscribers/suppressions.ts';
import { findListedSubscriber, type ListedSubscriber } from '../../db/subscribers/list.ts';
import { sumReaders } from '../../db/subscribers/reader-sums.ts';
import { links } from '../../links/links.ts';
import { displayAddress } from '../../model/address.ts';
import { READER_STATES } from '../../model/reader-filter.ts';
import { atLeast } from '../../model/role.ts';
import { cursorIn, urlOf } from '../../http/pager.ts';
import { parameter } from '../../http/parameters.ts';
import { tableOfCells, type Cell } from '../../http/table.ts';
import { exportCsv } from '../../subscribers/export-csv.ts';
import { type AskedReaders, asCall, isNarrowed, readerFilters, readersAsked } from '../asked-readers.ts';
import type { Admin, Section } from '../admin.ts';
import { aside } from '../aside.ts';
import { MANY_FIELDS, manyView } from '../many-form.ts';
import { adminPager } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { seesAddresses, sessionFrom } from '../session.ts';
import { readerRights, readerRoutes } from './reader.ts';
import { manyRights, manyRoutes } from './many.ts';

const PATH = '/admin/subscribers';
const PAGE = 50;
const COLUMNS = ['address', 'follows', 'since', 'last', 'state'] as const;
/** The links of theirs that a line has. */
const LINKS = ['preferences', 'unsubscribe'] as const;
/** Wishes that a line shows. */
const FEW = 3;

/** The readers: whom there is, narrowed by anything, a page for each, and what is done to many. */
export const subscribers: Section = {
  ...{ area: 'readers', path: PATH, room: 'readers' },
  rights: { 'GET /subscribers': 'viewer', ...manyRights, ...readerRights },
  routes: (admin) => {
    const router = Router();
    router.get('/subscribers', (req, res) =>
      parameter(req, 'format') === 'csv'
        ? sendReaders(admin, req, res)
        : aside(admin, res, (from) => showList(from, req, res)),
    );
    manyRoutes(admin, router);
    readerRoutes(admin, router);
    return router;
  },
};

async function showList(admin: Admin, req: Request, res: Response): Promise<void> {
  const { ctx, show } = admin;
  const sees = seesAddresses(res);
  const say = sayingFor(ctx, req);
  const given = await readersAsked(ctx, req, sees);
  const named = given.asked.q === '' ? null : await findListedSubscriber(ctx.db, given.asked.q);
  if (named) return res.redirect(303, `${PATH}/${named.publicId}`);
  const wish = { limit: PAGE, cursor: cursorIn(req), now: ctx.now() };
  const page = await listFiltered(ctx.db, given.filter, wish);
  const count = isNarrowed(given) ? await countFiltered(ctx.db, given.filter, { now: ctx.now() }) : null;
  const label = say.words('admin.readers.title');
  const mayAct = atLeast(sessionFrom(res).role, 'editor');
  const columns = [
    ...COLUMNS.map((name) => say.words(`admin.readers.column.${name}`)),
    ...(mayAct ? LINKS.map((name) => say.words(`admin.readers.links.${name}`)) : []),
  ];
  const rows = page.rows.map((row) => [...cellsOf(row, say, ctx.now()), ...(mayAct ? linksOf(ctx, row, say) : [])]);
  const words = { label, columns, empty: say.words(isNarrowed(given) ? 'admin.readers.none' : 'admin.readers.nobody') };
  const view = {
    ...{ counts: await countsView(admin, given, say), lead: leadText(say, count) },
    filters: readerFilters(PATH, say, given.asked, sees),
    table: tableOfCells(words, rows, adminPager(req, page, given.asked)),
    csv: rows.length > 0 && mayAct ? urlOf(PATH, { ...given.asked, format: 'csv' }) : '',
    api: urlOf('/api/v1/subscribers', asCall(given)),
    many: mayAct && rows.length > 0 ? manyView(say, urlOf(`${PATH}/many`, given.asked)) : null,
    mayAct,
  };
  show(req, res, { template: 'subscribers', title: label, view: { ...view, fields: MANY_FIELDS } });
}

/** How many there are of each state, as filters; those of which there are none are left out. */
async function countsView({ ctx }: Admin, { asked }: AskedReaders, say: Saying) {
  const now = ctx.now();
  const sums = await sumReaders(ctx.db);
  const paused = await countFiltered(ctx.db, { state: 'paused' }, { now });
  const suppressed = await countSuppressedReaders(ctx.db, MOST_COUNTED);
  const counts = { ...sums, paused, suppressed };
  return READER_STATES.filter((state) => counts[state] > 0).map((state) => ({
    text: say.words(`admin.readers.count.${state}`, { n: counted(say, counts[state], state in sums) }),
    href: urlOf(PATH, { ...asked, state: asked.state === state ? '' : state }),
    current: asked.state === state,
  }));
}

/** Says a count; one that was not counted to its end is «about». */
function counted(say: Saying, n: number, exactly = false): string {
  const { words, count } = say;
  return n > MOST_COUNTED && !exactly ? words('admin.readers.about', { n: count(MOST_COUNTED) }) : count(n);
}

function leadText(say: Saying, count: number | null): string {
  if (count === null) return say.words('admin.readers.lead');
  return say.words('admin.readers.found', { n: counted(say, count), count });
}

/** A reader's own links: opening one changes nothing. */
function linksOf({ keys }: Context, { publicId, generation }: ListedSubscriber, { words }: Saying): Cell[] {
  const key = keys.link[0];
  if (!key) return LINKS.map(() => '');
  return LINKS.map((name) => ({
    text: words(`admin.readers.links.${name}`),
    href: links[name]('', key, publicId, generation),
  }));
}

function cellsOf(row: ListedSubscriber, say: Saying, now: Date): Cell[] {
  const follows = row.wishes.filter(({ muted }) => !muted);
  const more = follows.length > FEW ? ` +${follows.length - FEW}` : '';
  const names = follows
    .slice(0, FEW)
    .map(({ kind, text, like }) =>
      kind === 'like' ? say.words('admin.log.examples', { n: like?.examples.length ?? 0 }) : text,
    );
  return [
    { text: displayAddress(row.email), href: `${PATH}/${row.publicId}` },
    names.length === 0 ? say.words('admin.readers.dayList') : names.join(' · ') + more,
    ...[say.when(row.confirmedAt ?? row.createdAt), say.when(row.lastNewsletterAt), stateText(row, say, now)],
  ];
}

/** Says how a reader stands where that is not the good state. */
export function stateText(row: ListedSubscriber, { words }: Saying, now: Date): string {
  const states = [
    ...(row.suppressed === null
      ? []
      : [words('admin.readers.suppressedFor', { reason: words(`admin.log.value.${row.suppressed}`) })]),
    ...(row.status === 'confirmed' ? [] : [words(`admin.readers.state.${row.status}`)]),
    ...(row.pausedUntil && row.pausedUntil > now ? [words('admin.readers.state.paused')] : []),
  ];
  return states.join(', ');
}

/** Sends all that the list is narrowed to, as an import takes it in. */
async function sendReaders({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { filter } = await readersAsked(ctx, req, true);
  res.attachment('offprint-readers.csv').type('text/csv; charset=utf-8');
  const now = ctx.now();
  for await (const part of exportCsv(ctx, (wish) => listFiltered(ctx.db, filter, { ...wish, now }))) {
    if (!res.write(part)) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
    if (res.destroyed) return;
  }
  res.end();
}
