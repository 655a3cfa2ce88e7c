import { Router, type Request, type Response } from 'express';
import { findAct, listActs, whatLogHolds, type ActFilter, type ListedAct } from '../../db/operator/acts-list.ts';
import { findAddresses } from '../../db/subscribers/list.ts';
import { fieldOf } from '../../http/bodies.ts';
import { cursorIn, urlOf } from '../../http/pager.ts';
import { parameter, pathPart } from '../../http/parameters.ts';
import { filtersView, tableOfCells, type Cell } from '../../http/table.ts';
import { eachPage } from '../../lib/cursor.ts';
import { isDate } from '../../lib/time.ts';
import { atLeast, mayExport, type Role } from '../../model/role.ts';
import { mayBeTakenBack } from '../../operate/act-json.ts';
import { takeBack } from '../../operate/take-back.ts';
import { isOwnersAlone } from '../../operate/ways-back/ways-back.ts';
import { detailLines, whatText, whomCell, whoText } from '../act-words.ts';
import type { Admin, Section } from '../admin.ts';
import { isSureToTakeBack } from '../ask-take-back.ts';
import { aside } from '../aside.ts';
import { sendCsv } from '../csv.ts';
import { dayStart } from '../days.ts';
import { adminPager, backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { takeBackText } from '../take-back-words.ts';
import { visitorText } from '../visitor.ts';

const PATH = '/admin/audit';
const PAGE = 100;
const CSV_PAGE = 1_000;
const RIGHTS = {
  'GET /audit': 'viewer',
  'GET /audit/:id': 'viewer',
  'POST /audit/:id': { role: 'editor', acts: { owner: { role: 'owner', fresh: true } } },
} as const;
const COLUMNS = ['when', 'who', 'what', 'whom', 'detail', 'back'] as const;

/** The log: who did what to whom, and the way back. */
export const audit: Section = { area: 'log', path: PATH, room: 'more', rights: RIGHTS, routes };

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/audit', (req, res) =>
    parameter(req, 'format') === 'csv'
      ? sendLog(admin, req, res)
      : aside(admin, res, (from) => showLog(from, req, res)),
  );
  router.get('/audit/:id', async (req, res, next) => {
    const act = await actIn(admin, req);
    if (!act) return next();
    await showAct(admin, req, res, act);
  });
  router.post('/audit/:id', async (req, res, next) => {
    const act = await actIn(admin, req);
    if (!act) return next();
    const say = sayingFor(admin.ctx, req);
    // Whether somebody is an owner, and signed in lately, was asked for this field.
    if (isOwnersAlone(act.action) && (await fieldOf(req, 'action')) !== 'owner')
      return backTo(res, `${PATH}/${act.id}`, say.words('admin.log.ownersAlone'));
    if (!(await isSureToTakeBack(admin, req, res, { action: act.action, back: `${PATH}/${act.id}` }))) return;
    const result = await takeBack(admin.ctx, act.id, actorOf(res));
    const page = 'by' in result ? result.by : act.id;
    backTo(res, `${PATH}/${page}`, takeBackText(say, result));
  });
  return router;
}

/** Shows the log, newest first, narrowed by who, what, to whom and when. */
async function showLog({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const { words } = say;
  const { role } = sessionFrom(res);
  const { asked, filter } = filterIn(req);
  const page = await listActs(ctx.db, { ...filter, limit: PAGE, cursor: cursorIn(req) });
  const holds = await whatLogHolds(ctx.db);
  const filters = filtersView(PATH, words('admin.list.show'), [
    {
      name: 'who',
      label: words('admin.log.filter.who'),
      value: asked.who,
      options: named(holds.actors, (one) => whoText(say, one)),
    },
    {
      name: 'what',
      label: words('admin.log.filter.what'),
      value: asked.what,
      options: named(holds.actions, (one) => whatText(say, one)),
    },
    { name: 'whom', label: words('admin.log.filter.whom'), value: asked.whom },
    { name: 'since', label: words('admin.log.filter.since'), value: asked.since, type: 'date' },
    { name: 'until', label: words('admin.log.filter.until'), value: asked.until, type: 'date' },
  ]);
  const label = words('admin.log.title');
  const columns = COLUMNS.map((name) => words(`admin.log.column.${name}`));
  const rows = await rowsOf(ctx, say, page.rows, role);
  const cells = rows.map(({ act, cells: shown }) => [...shown, backCell(say, act, role)]);
  const table = tableOfCells({ label, columns, empty: words('admin.log.empty') }, cells, adminPager(req, page, asked));
  const along = {
    csv: rows.length > 0 && mayExport(role) ? urlOf(PATH, { ...asked, format: 'csv' }) : '',
    api: urlOf('/api/v1/acts', callOf(filter)),
  };
  const view = { title: label, lead: words('admin.log.lead'), problem: '', filters, table, ...along };
  show(req, res, { template: 'list', title: label, view });
}

/** Writes a filter as the API is asked for the same. */
function callOf({ actor = '', action = '', subject = '', since, until }: ActFilter): Record<string, string> {
  return { actor, action, subject, since: since?.toISOString() ?? '', until: until?.toISOString() ?? '' };
}

async function sendLog({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const { role } = sessionFrom(res);
  const { filter } = filterIn(req);
  const heads = COLUMNS.slice(0, -1).map((name) => say.words(`admin.log.column.${name}`));
  const pages = eachPage(
    async (wish) => {
      const page = await listActs(ctx.db, { ...filter, ...wish });
      return { ...page, rows: await rowsOf(ctx, say, page.rows, role) };
    },
    { limit: CSV_PAGE },
  );
  await sendCsv(res, 'log', heads, pages, ({ cells }) => cells);
}

/** Shows one act: what it changed, where it was done from, and the button that takes it back. */
async function showAct({ ctx, show }: Admin, req: Request, res: Response, act: ListedAct): Promise<void> {
  const say = sayingFor(ctx, req);
  const { role } = sessionFrom(res);
  const addresses = await findAddresses(ctx.db, act.subject === null ? [] : [act.subject]);
  const title = whatText(say, act.action);
  const linked = (id: bigint | null) => (id === null ? '' : `${PATH}/${id}`);
  const view = {
    who: whoText(say, act.actor),
    when: say.moment(act.at),
    whom: [whomCell(say, act.subject, addresses, role)].map((cell) =>
      typeof cell === 'object' ? cell : { text: String(cell) },
    )[0],
    lines: detailLines(say, act),
    origin: act.origin ? visitorText(say.words, act.origin) : '',
    ...{ undoes: linked(act.undoes), undoneBy: linked(act.undoneBy), partOf: linked(act.partOf) },
    canBeTakenBack: mayTakeBack(act, role),
    owners: isOwnersAlone(act.action),
    page: `${PATH}/${act.id}`,
  };
  show(req, res, { template: 'act', title, view });
}

/** The cells of acts but for the way back. */
async function rowsOf(
  ctx: Admin['ctx'],
  say: Saying,
  acts: readonly ListedAct[],
  role: Role,
): Promise<{ act: ListedAct; cells: Cell[] }[]> {
  const addresses = await findAddresses(ctx.db, [...new Set(acts.flatMap(({ subject }) => subject ?? []))]);
  return acts.map((act) => ({
    act,
    cells: [
      ...[say.when(act.at), whoText(say, act.actor), { text: whatText(say, act.action), href: `${PATH}/${act.id}` }],
      ...[whomCell(say, act.subject, addresses, role), detailLines(say, act).join('; ')],
    ],
  }));
}

function backCell({ words }: Saying, act: ListedAct, role: Role): Cell {
  if (act.undoneBy !== null) return { text: words('admin.log.takenBack'), href: `${PATH}/${act.undoneBy}` };
  return mayTakeBack(act, role) ? { text: words('admin.log.takeBack'), href: `${PATH}/${act.id}` } : '';
}

function mayTakeBack(act: ListedAct, role: Role): boolean {
  return mayBeTakenBack(act) && atLeast(role, isOwnersAlone(act.action) ? 'owner' : 'editor');
}

function named(values: readonly string[], name: (value: string) => string) {
  return values.map((value) => ({ value, name: name(value) }));
}

function filterIn(req: Request) {
  const [who, what, whom] = [parameter(req, 'who'), parameter(req, 'what'), parameter(req, 'whom')];
  const [since, until] = ['since', 'until'].map((name) => parameter(req, name)).map((day) => (isDate(day) ? day : ''));
  const asked = { who, what, whom, since: since ?? '', until: until ?? '' };
  const filter = {
    ...{ actor: who || undefined, action: what || undefined, subject: whom || undefined },
    ...{ since: since ? dayStart(since) : undefined, until: until ? dayStart(until, 1) : undefined },
  };
  return { asked, filter };
}

async function actIn({ ctx }: Admin, req: Request): Promise<ListedAct | null> {
  const id = pathPart(req, 'id');
  return /^\d{1,18}$/.test(id) ? findAct(ctx.db, BigInt(id)) : null;
}
