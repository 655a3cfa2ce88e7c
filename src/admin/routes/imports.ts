import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Context } from '../../context.ts';
import { findErrand, listErrands, type Errand } from '../../db/operator/errands.ts';
import { findUndoneErrands } from '../../db/operator/undoings.ts';
import { fieldOf, fieldsOf, first } from '../../http/bodies.ts';
import { urlOf } from '../../http/pager.ts';
import { idOf, parameter, pathPart } from '../../http/parameters.ts';
import { claimFile, streamFile } from '../../http/streamed-file.ts';
import { tableOfCells, type Cell } from '../../http/table.ts';
import { errorText } from '../../lib/error-text.ts';
import { AppError } from '../../lib/errors.ts';
import { newPublicId } from '../../lib/public-id.ts';
import {
  beginImport,
  draftImport,
  dropImport,
  importedFile,
  importsFolder,
} from '../../operate/errands/import-file.ts';
import { CSV_COLUMNS, type CsvColumn } from '../../subscribers/csv/columns.ts';
import { columnName } from '../../subscribers/csv/header.ts';
import { lookAtCsv, type CsvLook } from '../../subscribers/csv/open-csv.ts';
import type { Admin, Section } from '../admin.ts';
import { undoneText } from '../act-words.ts';
import { tryOut } from '../import-trial.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/imports';
/** Where a file is handed in, below /admin. */
export const IMPORT_PATH = '/imports/files';
/** Longest file of an import. */
export const MAX_BYTES = 200 * 1024 * 1024;
/** Rows shown while columns are chosen, and imports listed. */
const SHOWN = 5;
/** The parameter by which the address of a trial is known. */
const TRIED = 'try';
const LISTED = 20;

/** Takes the file of an import to disk as it comes. */
export function receiveImport(ctx: Context): RequestHandler {
  const pathFor = async () => join(await importsFolder(ctx.config.DATA_DIR), `${newPublicId()}.csv`);
  return streamFile(pathFor, MAX_BYTES);
}

/** Imports: a file is handed in, its columns are settled, it is tried, and then taken in step by step. */
export const imports: Section = {
  ...{ area: 'imports', path: PATH, room: 'readers' },
  rights: {
    'GET /imports': 'editor',
    'POST /imports/files': 'editor',
    'GET /imports/:id': 'editor',
    'POST /imports/:id': { role: 'editor', acts: { begin: { role: 'editor', fresh: true } } },
  },
  routes: (admin) => {
    const router = Router();
    router.get('/imports', (req, res) => showImports(admin, req, res));
    router.post(IMPORT_PATH, (req, res) => keepFile(admin, req, res));
    router.get('/imports/:id', async (req, res, next) => {
      const errand = await importIn(admin, req);
      if (!errand) return next();
      if (errand.state === 'draft') await showColumns(admin, req, res, errand);
      else res.redirect(303, `/admin/errands/${errand.id}`); // it has begun since
    });
    router.post('/imports/:id', async (req, res, next) => {
      const draft = await importIn(admin, req);
      if (draft?.state !== 'draft') return next();
      await decide(admin, req, res, draft);
    });
    return router;
  },
};

async function showImports({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const { words, count } = say;
  const found = await listErrands(ctx.db, 'readers.import', LISTED);
  const undone = await findUndoneErrands(ctx.db, found);
  const rows = found.map(({ id, state, wish, createdAt, done, counts }): Cell[] => [
    say.when(createdAt),
    { text: String(wish['file']), href: state === 'draft' ? `${PATH}/${id}` : `/admin/errands/${id}` },
    undoneText(say, undone.get(id)) ?? words(`admin.imports.state.${state}`),
    ...[count(done), count(counts['rejected'] ?? 0)],
  ]);
  const columns = ['when', 'file', 'state', 'rows', 'rejected'].map((name) => words(`admin.imports.column.${name}`));
  const title = words('admin.imports.title');
  const view = { table: tableOfCells({ label: title, columns, empty: words('admin.imports.empty') }, rows) };
  show(req, res, { template: 'imports', title, view });
}

async function keepFile({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const { words } = sayingFor(ctx, req);
  const file = claimFile(res);
  if (!file) return backTo(res, PATH, words('admin.imports.noFile'));
  if (file.tooLong) return backTo(res, PATH, words('admin.imports.tooLong'));
  const { path, name, bytes } = file;
  const id = await draftImport(ctx, { file: name || 'file', stored: basename(path), bytes }, actorOf(res));
  res.redirect(303, `${PATH}/${id}`);
}

/** Shows the columns of a file; where the address says what they are, also what an import would do. */
async function showColumns({ ctx, show }: Admin, req: Request, res: Response, draft: Errand): Promise<void> {
  const say = sayingFor(ctx, req);
  const look = await lookAt(ctx, draft, say);
  const isTried = parameter(req, TRIED) === 'yes';
  const chosen = isTried ? columnsGiven((name) => parameter(req, name), look) : look.guessed;
  const trial = isTried ? await tryOut(ctx, draft, mapOf(look, chosen), say) : null;
  const problem = trial?.problem ?? look.problem;
  const view = { ...columnsView(say, look, chosen), problem, trial, page: `${PATH}/${draft.id}` };
  const status = trial && problem !== '' ? 422 : 200;
  show(req, res, { template: 'import', title: String(draft.wish['file']), view, status });
}

/** Begins an import, throws the file away, or leads to a trial, which has an address of its own. */
async function decide({ ctx }: Admin, req: Request, res: Response, draft: Errand): Promise<void> {
  const say = sayingFor(ctx, req);
  const action = await fieldOf(req, 'action');
  if (action === 'drop') {
    await dropImport(ctx, draft.id);
    return backTo(res, PATH, say.words('admin.imports.dropped'));
  }
  const look = await lookAt(ctx, draft, say);
  const fields = await fieldsOf(req);
  const chosen = columnsGiven((name) => first(fields, name), look);
  if (action === 'begin') {
    const map = mapOf(look, chosen);
    const trial = await tryOut(ctx, draft, map, say);
    if (trial.problem === '') {
      await beginImport(ctx, draft.id, { map, total: trial.rows }, actorOf(res));
      return res.redirect(303, `/admin/errands/${draft.id}`);
    }
  }
  const columns = Object.fromEntries(chosen.map((column, at) => [`column${at}`, column ?? '']));
  res.redirect(303, urlOf(`${PATH}/${draft.id}`, { [TRIED]: 'yes', ...columns, lang: parameter(req, 'lang') }));
}

async function lookAt(ctx: Context, draft: Errand, { words }: Saying): Promise<CsvLook & { problem: string }> {
  try {
    return { ...(await lookAtCsv(createReadStream(await importedFile(ctx, draft)), SHOWN)), problem: '' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { header: [], guessed: [], rows: [], problem: errorText(error, words) };
  }
}

function columnsGiven(given: (name: string) => string, { header }: CsvLook): (CsvColumn | null)[] {
  return header.map((_, at) => CSV_COLUMNS.find((column) => column === given(`column${at}`)) ?? null);
}

function mapOf({ header }: CsvLook, chosen: readonly (CsvColumn | null)[]): [string, CsvColumn | null][] {
  return header.map((cell, at) => [columnName(cell), chosen[at] ?? null]);
}

function columnsView({ words }: Saying, { header, rows }: CsvLook, chosen: readonly (CsvColumn | null)[]) {
  return {
    columns: header.map((name, at) => ({
      ...{
        name,
        at,
        samples: rows
          .map((row) => row[at] ?? '')
          .filter(Boolean)
          .slice(0, 2)
          .join(' · '),
      },
      options: CSV_COLUMNS.map((value) => ({
        ...{ value, name: words(`admin.imports.ours.${value}`), selected: chosen[at] === value },
      })),
    })),
  };
}

async function importIn({ ctx }: Admin, req: Request): Promise<Errand | null> {
  const id = idOf(pathPart(req, 'id'));
  const errand = id === undefined ? null : await findErrand(ctx.db, id);
  return errand?.kind === 'readers.import' ? errand : null;
}
