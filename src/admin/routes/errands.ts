import { Router, type Request, type Response } from 'express';
import { findAct } from '../../db/operator/acts-list.ts';
import { findErrand, findErrandOf, problemsAfter, type Errand, type ErrandProblem } from '../../db/operator/errands.ts';
import { findUndoneErrands, type Undoing } from '../../db/operator/undoings.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart, idOf } from '../../http/parameters.ts';
import { reasonsText } from '../../lib/error-text.ts';
import { canBeStopped, stopErrand } from '../../operate/errands/stop.ts';
import { takeBack } from '../../operate/take-back.ts';
import { undoneText, whatText, whoText } from '../act-words.ts';
import type { Admin, Section } from '../admin.ts';
import { isSureToTakeBack } from '../ask-take-back.ts';
import { sendCsv } from '../csv.ts';
import { importProblem } from '../import-problem.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf } from '../session.ts';
import { takeBackText } from '../take-back-words.ts';

/** Seconds after which the page of running work looks again, without a script. */
const LOOK_AGAIN = 3;
const REPORT_PAGE = 1_000;
/** Problems that the page shows. */
const SOME_PROBLEMS = 5;

/** Long work: how far it is, what came of it, and the way back. */
export const errands: Section = {
  ...{ area: 'errands', path: '/admin/errands', room: 'readers' },
  rights: { 'GET /errands/:id': 'editor', 'GET /errands/:id/report.csv': 'editor', 'POST /errands/:id': 'editor' },
  routes: (admin) => {
    const router = Router();
    router.get('/errands/:id', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand || errand.state === 'draft') return next();
      await showErrand(admin, req, res, errand);
    });
    router.get('/errands/:id/report.csv', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand) return next();
      await sendReport(admin, req, res, errand);
    });
    router.post('/errands/:id', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand?.actId) return next();
      if ((await fieldOf(req, 'action')) === 'stop') await stop(admin, req, res, errand.id);
      else await takeAllBack(admin, req, res, { ...errand, actId: errand.actId });
    });
    return router;
  },
};

async function takeAllBack(
  admin: Admin,
  req: Request,
  res: Response,
  { id, kind, actId }: { id: number; kind: string; actId: bigint },
): Promise<void> {
  const { ctx } = admin;
  if (!(await isSureToTakeBack(admin, req, res, { action: kind, back: `/admin/errands/${id}` }))) return;
  const result = await takeBack(ctx, actId, actorOf(res));
  const work = 'by' in result ? await findErrandOf(ctx.db, result.by) : null;
  backTo(res, `/admin/errands/${work?.id ?? id}`, takeBackText(sayingFor(ctx, req), result));
}

async function stop({ ctx }: Admin, req: Request, res: Response, id: number): Promise<void> {
  const stopped = await stopErrand(ctx, id, actorOf(res));
  const { words } = sayingFor(ctx, req);
  backTo(res, `/admin/errands/${id}`, words(`admin.errands.said.${stopped ? 'stopped' : 'over'}`));
}

async function showErrand({ ctx, show }: Admin, req: Request, res: Response, errand: Errand): Promise<void> {
  const say = sayingFor(ctx, req);
  const runs = errand.state === 'waiting' || errand.state === 'running';
  if (runs) res.set('Refresh', `${LOOK_AGAIN}; url=/admin/errands/${errand.id}`); // without what was said of its begin
  const title = whatText(say, errand.kind);
  const { done, total, kind } = errand;
  const undone = (await findUndoneErrands(ctx.db, [errand])).get(errand.id);
  const undoneBy = errand.actId === null ? null : ((await findAct(ctx.db, errand.actId))?.undoneBy ?? null);
  const isOnReaders = errand.actId !== null && kind.startsWith('readers.');
  const view = {
    sentence: [sentenceOf(say, errand), sinceText(say, undone)].join(' ').trim(),
    ...{ runs, done, total: Math.max(total ?? 0, done), error: errorOf(say, errand) },
    who: whoText(say, errand.actor),
    when: say.moment(errand.createdAt),
    file: typeof errand.wish['file'] === 'string' ? errand.wish['file'] : '',
    counts: countLines(say, errand),
    act: errand.actId === null ? '' : `/admin/audit/${errand.actId}`,
    room: roomOf(say, errand),
    report: reportOf(say, errand),
    problems: await someProblems(ctx, say, errand),
    canBeStopped: canBeStopped(errand),
    undoneBy: undoneBy === null ? '' : `/admin/audit/${undoneBy}`,
    canBeTakenBack: isOnReaders && undoneBy === null && errand.state !== 'stopped',
    backHint: say.words(kind === 'readers.import' ? 'admin.imports.backHint' : 'admin.errands.backHint'),
    page: `/admin/errands/${errand.id}`,
  };
  show(req, res, { template: 'errand', title, view });
}

function sinceText(say: Saying, undoing: Undoing | undefined): string {
  const undone = undoneText(say, undoing);
  return undone === null ? '' : say.words('admin.errands.since', { undone });
}

function errorOf({ words }: Saying, { error, said }: Errand): string {
  return error === null ? '' : reasonsText(said && [said], [error], words).join('');
}

/** Of which page it is: that of the sources, of the imports or of the readers. */
function roomOf({ words }: Saying, { kind }: Errand): { href: string; name: string } {
  if (isOfSources(kind)) return { href: '/admin/sources', name: words('admin.sources.title') };
  if (kind === 'readers.import' || kind === 'undo.readers.import')
    return { href: '/admin/imports', name: words('admin.imports.title') };
  return { href: '/admin/subscribers', name: words('admin.readers.title') };
}

/** What could not be done of it, to take along. */
function reportOf({ words }: Saying, { id, kind, counts }: Errand): { href: string; name: string } | null {
  const left = (counts['rejected'] ?? 0) + (counts['problems'] ?? 0);
  const name = words(isOfSources(kind) ? 'admin.errands.daysFile' : 'admin.errands.reportFile');
  return left > 0 ? { href: `/admin/errands/${id}/report.csv`, name } : null;
}

const isOfSources = (kind: string) => kind.startsWith('source.');

function sentenceOf({ words, count }: Saying, { state, done, total }: Errand): string {
  return words(`admin.errands.${state}`, { done: count(done), total: count(Math.max(total ?? 0, done)) });
}

function countLines({ words, count }: Saying, { counts }: Errand): string[] {
  return Object.entries(counts).flatMap(([name, n]) =>
    n === 0 ? [] : [words(`admin.log.note.${name}`, { value: count(n), n })],
  );
}

/** Sends what could not be done of it, and why: lines of a file, days of a source. */
async function sendReport({ ctx }: Admin, req: Request, res: Response, { id, kind }: Errand): Promise<void> {
  const { words } = sayingFor(ctx, req);
  const [name, keys] = isOfSources(kind)
    ? [`backfill-${id}`, ['line', 'day', 'reason'].map((column) => `admin.errands.column.${column}`)]
    : [`import-${id}`, ['line', 'address', 'reason'].map((column) => `admin.imports.report.${column}`)];
  const heads = keys.map((key) => words(key));
  const why = (row: ErrandProblem) => whyText(words, kind, row);
  await sendCsv(res, name, heads, problems(ctx, id), (row) => [...[row.line, row.what, why(row)]]);
}

/** The first of what could not be done, and why; the file has all. */
async function someProblems({ db }: Admin['ctx'], { words }: Saying, { id, kind }: Errand) {
  const rows = await problemsAfter(db, id, 0, SOME_PROBLEMS);
  return rows.map((row) => ({ what: row.what, why: whyText(words, kind, row) }));
}

function whyText(words: Saying['words'], kind: string, row: ErrandProblem): string {
  return isOfSources(kind) ? reasonsText(row.why, [row.reason], words).join(' · ') : importProblem(words, row);
}

async function* problems(ctx: Admin['ctx'], id: number) {
  for (let line = 0; ;) {
    const rows = await problemsAfter(ctx.db, id, line, REPORT_PAGE);
    yield rows;
    line = rows.at(-1)?.line ?? line;
    if (rows.length < REPORT_PAGE) return;
  }
}

async function errandIn({ ctx }: Admin, req: Request): Promise<Errand | null> {
  const id = idOf(pathPart(req, 'id'));
  return id === undefined ? null : findErrand(ctx.db, id);
}
