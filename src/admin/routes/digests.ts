import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { listRejectedCaptures } from '../../db/digests/captures.ts';
import { loadDigestDossier } from '../../db/digests/digest-dossier.ts';
import { listDigests } from '../../db/digests/digests.ts';
import { fieldOf, fileOf } from '../../http/bodies.ts';
import { cursorIn } from '../../http/pager.ts';
import { idOf, parameter, pathPart } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { discardDigest } from '../../operate/discard-digest.ts';
import { eachPage } from '../../lib/cursor.ts';
import { isDate } from '../../lib/time.ts';
import { atLeast } from '../../model/role.ts';
import { releaseDigest } from '../../operate/release-digest.ts';
import { uploadDigest } from '../../operate/upload-digest.ts';
import type { Admin, Section } from '../admin.ts';
import { aside } from '../aside.ts';
import { isSure } from '../ask.ts';
import { digestView } from '../digest-view.ts';
import { sendCsv } from '../csv.ts';
import { DIGEST_COLUMNS, digestCells, listsTable, rejectedTable } from '../digests-tables.ts';
import { adminPager, backTo } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { actorOf, seesAddressesIn, sessionFrom } from '../session.ts';

const PATH = '/admin/digests';
/** Where a file is handed in, below /admin. */
export const UPLOAD_PATH = '/digests/files';
const PAGE = 50;
const CSV_PAGE = 1_000;

/** The digests with their health, and a page for each; a held one can be released to the readers or discarded. */
export const digests: Section = {
  area: 'digests',
  path: PATH,
  room: 'sources',
  rights: {
    'GET /digests': 'viewer',
    'GET /digests/:id': 'viewer',
    'POST /digests/files': 'editor',
    'POST /digests/:id': 'editor',
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/digests', (req, res) =>
    parameter(req, 'format') === 'csv'
      ? sendDigests(admin, req, res)
      : aside(admin, res, (from) => showDigests(from, req, res)),
  );
  router.get('/digests/:id', async (req, res, next) => {
    const id = idOf(pathPart(req, 'id'));
    const digest = id === undefined ? null : await loadDigestDossier(admin.ctx.db, id);
    if (!digest) return next();
    const mayAct = atLeast(sessionFrom(res).role, 'editor');
    const mayDiscard = mayAct && digest.state !== 'discarded';
    const view = { ...(await digestView(admin.ctx, req, digest)), mayAct, mayDiscard };
    admin.show(req, res, { template: 'digest', title: view.heading, view });
  });
  router.post(UPLOAD_PATH, (req, res) => upload(admin, req, res));
  router.post('/digests/:id', (req, res) => act(admin, req, res));
  return router;
}

async function showDigests({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const [cursor, behind] = [cursorIn(req), cursorIn(req, 'rejected')];
  const page = await listDigests(ctx.db, { limit: PAGE, cursor });
  const rejected = await listRejectedCaptures(ctx.db, { limit: PAGE, cursor: behind });
  const view = {
    table: listsTable(page.rows, say, adminPager(req, page, { rejected: behind })),
    rejected: rejectedTable(rejected.rows, say, adminPager(req, rejected, { cursor }, 'rejected')),
    mayAct: atLeast(sessionFrom(res).role, 'editor'),
    csv: page.rows.length > 0 && seesAddressesIn(req) ? `${PATH}?format=csv` : '',
    api: '/api/v1/digests',
  };
  show(req, res, { template: 'digests', title: say.words('admin.digests.title'), view });
}

/** Writes all digests as CSV. */
async function sendDigests({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const heads = DIGEST_COLUMNS.map((column) => say.words(`admin.digests.column.${column}`));
  const pages = eachPage((wish) => listDigests(ctx.db, wish), { limit: CSV_PAGE });
  await sendCsv(res, 'digests', heads, pages, (row) => digestCells(row, say));
}

/** Reads a name as `--source` takes it. */
const SOURCE = /^[a-z0-9][a-z0-9-]{0,60}$/;
const LONGEST_NAME = 200;

/** Says of a file that is too large what may be handed in; every other error goes on. */
export const refuseLargeFile: ErrorRequestHandler = (error: { status?: number }, req, res, next) => {
  if (error.status !== 413) return next(error);
  backTo(res, PATH, visitOf(req).words('admin.digests.upload.large'));
};

async function upload({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const say = (key: string, values?: Record<string, string>) =>
    backTo(res, PATH, words(`admin.digests.upload.${key}`, values));
  const file = await fileOf(req, 'file');
  const [source, on] = [await fieldOf(req, 'source'), await fieldOf(req, 'on')];
  if (!file) return say('none');
  if (!SOURCE.test(source)) return say('source');
  if (on !== '' && !isDate(on)) return say('day');
  const name = file.name.slice(-LONGEST_NAME) || 'file';
  const { outcome } = await uploadDigest(ctx, { source, name, bytes: file.bytes, on: on || undefined }, actorOf(res));
  say(outcome, { name });
}

async function act(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const id = idOf(pathPart(req, 'id'));
  const action = await fieldOf(req, 'action');
  if (id === undefined || (action !== 'release' && action !== 'discard'))
    return backTo(res, PATH, words('admin.digests.said.none'));
  if (action === 'discard' && !(await mayDiscard(admin, req, res, id))) return;
  const decide = action === 'release' ? releaseDigest : discardDigest;
  const { outcome } = await decide(admin.ctx, id, actorOf(res));
  backTo(res, `${PATH}/${id}`, words(`admin.digests.said.${outcome}`));
}

async function mayDiscard(admin: Admin, req: Request, res: Response, id: number): Promise<boolean> {
  const { words } = visitOf(req);
  const digest = await loadDigestDossier(admin.ctx.db, id);
  const values = { source: digest?.source ?? '', day: digest?.digestOn ?? '', n: digest?.entries.length ?? 0 };
  return isSure(admin, req, res, {
    title: words('admin.digests.ask.title', values),
    says: [words('admin.digests.ask.what', values), words('admin.digests.ask.back')],
    samples: digest?.entries.slice(0, 5).map(({ title }) => title) ?? [],
    yes: words('admin.digests.discard'),
    no: words('admin.digests.ask.no'),
    back: `${PATH}/${id}`,
    fields: { action: 'discard' },
  });
}
