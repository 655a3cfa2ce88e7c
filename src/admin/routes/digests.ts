import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { listRejectedCaptures } from '../../db/digests/captures.ts';
import { listDigests } from '../../db/digests/digests.ts';
import { fieldOf, fileOf } from '../../http/bodies.ts';
import { cursorIn } from '../../http/pager.ts';
import { idOf, pathPart } from '../../http/parameters.ts';
import { tableOfCells, tableOfRows } from '../../http/table.ts';
import { discardDigest } from '../../operate/discard-digest.ts';
import { isDate } from '../../lib/time.ts';
import { releaseDigest } from '../../operate/release-digest.ts';
import { uploadDigest } from '../../operate/upload-digest.ts';
import type { Admin, Section } from '../admin.ts';
import { adminPager, atText, backTo } from '../respond.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/digests';
/** Where a file is handed in, below /admin. */
export const UPLOAD_PATH = '/digests/files';
const PAGE = 50;
const WORDS = {
  label: 'Digests',
  columns: ['Day', 'Source', { number: 'Papers' }, 'Health', 'State', 'Arrived', 'Decide'],
  empty: 'No digest has arrived yet.',
};
const REJECTED = {
  label: 'Files that are no digest',
  columns: ['Received', 'Source', 'File', 'Problem'],
  empty: '',
};

/** The digests with their health; a held one can be released to the readers or discarded. */
export const digests: Section = {
  area: 'digests',
  path: PATH,
  room: 'sources',
  rights: { 'GET /digests': 'viewer', 'POST /digests/files': 'editor', 'POST /digests/:id': 'editor' },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/digests', (req, res) => showDigests(admin, req, res));
  router.post(UPLOAD_PATH, (req, res) => upload(admin, req, res));
  router.post('/digests/:id', (req, res) => act(admin, req, res));
  return router;
}

async function showDigests({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const [cursor, behind] = [cursorIn(req), cursorIn(req, 'rejected')];
  const page = await listDigests(ctx.db, { limit: PAGE, cursor });
  const rejected = await listRejectedCaptures(ctx.db, { limit: PAGE, cursor: behind });
  const rows = page.rows.map((row) => ({
    ...row,
    arrived: atText(row.arrivedAt),
    reasons: row.reasons.join(' · '),
    warnings: warningsText(row.warningCount),
    isHeld: row.state === 'held',
    isDiscarded: row.state === 'discarded',
  }));
  const files = rejected.rows.map(({ receivedAt, source, name, problem }) => [
    ...[atText(receivedAt), source, name, problem],
  ]);
  const view = {
    table: tableOfRows(WORDS, rows, adminPager(req, page, { rejected: behind })),
    rejected: tableOfCells(REJECTED, files, adminPager(req, rejected, { cursor }, 'rejected')),
  };
  show(req, res, { template: 'digests', title: 'Digests', view });
}

function warningsText(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '1 warning' : `${count} warnings`;
}

/** Reads a name as `--source` takes it. */
const SOURCE = /^[a-z0-9][a-z0-9-]{0,60}$/;
const LONGEST_NAME = 200;

/** Says of a file that is too large what may be handed in; every other error goes on. */
export const refuseLargeFile: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status !== 413) return next(error);
  backTo(res, PATH, 'The file is too large: expected 20 MB at most. Nothing of it was kept.');
};

async function upload({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const file = await fileOf(req, 'file');
  const [source, on] = [await fieldOf(req, 'source'), await fieldOf(req, 'on')];
  if (!file) return backTo(res, PATH, 'No file came, or an empty one: choose one first.');
  if (!SOURCE.test(source)) return backTo(res, PATH, 'The source: expected lower-case letters, digits and hyphens.');
  if (on !== '' && !isDate(on)) return backTo(res, PATH, 'The list day: expected a date such as 2026-11-20.');
  const name = file.name.slice(-LONGEST_NAME) || 'file';
  const { outcome } = await uploadDigest(ctx, { source, name, bytes: file.bytes, on: on || undefined }, actorOf(res));
  const said =
    outcome === 'known'
      ? `${name} was read before: nothing changed.`
      : `${name} is being read: it stands here in a moment, or among the files that are no digest.`;
  backTo(res, PATH, said);
}

async function act({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const id = idOf(pathPart(req, 'id'));
  const action = await fieldOf(req, 'action');
  if (id === undefined || (action !== 'release' && action !== 'discard')) return backTo(res, PATH, 'No such act.');
  const decide = action === 'release' ? releaseDigest : discardDigest;
  const { outcome } = await decide(ctx, id, actorOf(res));
  const said = outcome === 'unchanged' ? 'Nothing changed: somebody was faster.' : `The digest is ${outcome}.`;
  backTo(res, PATH, said);
}
