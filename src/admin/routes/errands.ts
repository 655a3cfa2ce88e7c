import { Router, type Request, type Response } from 'express';
import { findErrand, problemsAfter, type Errand } from '../../db/operator/errands.ts';
import { pathPart, idOf } from '../../http/parameters.ts';
import { takeBack } from '../../operate/take-back.ts';
import { whatText, whoText } from '../act-words.ts';
import type { Admin, Section } from '../admin.ts';
import { sendCsv } from '../csv.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf } from '../session.ts';
import { takeBackText } from '../take-back-words.ts';

/** Seconds after which the page of running work looks again, without a script. */
const LOOK_AGAIN = 3;
const REPORT_PAGE = 1_000;

/** Long work: how far it is, what came of it, and the way back. */
export const errands: Section = {
  ...{ area: 'errands', path: '/admin/errands', room: 'readers' },
  rights: { 'GET /errands/:id': 'editor', 'GET /errands/:id/report.csv': 'editor', 'POST /errands/:id': 'editor' },
  routes: (admin) => {
    const router = Router();
    router.get('/errands/:id', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand || errand.state === 'draft') return next();
      showErrand(admin, req, res, errand);
    });
    router.get('/errands/:id/report.csv', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand) return next();
      await sendReport(admin, req, res, errand.id);
    });
    router.post('/errands/:id', async (req, res, next) => {
      const errand = await errandIn(admin, req);
      if (!errand?.actId) return next();
      const result = await takeBack(admin.ctx, errand.actId, actorOf(res));
      const said = takeBackText(sayingFor(admin.ctx, req), result);
      backTo(res, 'by' in result ? `/admin/audit/${result.by}` : `/admin/errands/${errand.id}`, said);
    });
    return router;
  },
};

function showErrand({ ctx, show }: Admin, req: Request, res: Response, errand: Errand): void {
  const say = sayingFor(ctx, req);
  const runs = errand.state === 'waiting' || errand.state === 'running';
  if (runs) res.set('Refresh', String(LOOK_AGAIN));
  const title = whatText(say, errand.kind);
  const { done, total } = errand;
  const view = {
    sentence: sentenceOf(say, errand),
    ...{ runs, done, total: Math.max(total ?? 0, done), error: errand.error ?? '' },
    who: whoText(say, errand.actor),
    when: say.moment(errand.createdAt),
    counts: countLines(say, errand),
    act: errand.actId === null ? '' : `/admin/audit/${errand.actId}`,
    report: (errand.counts['rejected'] ?? 0) > 0 ? `/admin/errands/${errand.id}/report.csv` : '',
    canBeTakenBack: errand.actId !== null && !errand.kind.startsWith('undo.') && errand.state !== 'stopped',
    page: `/admin/errands/${errand.id}`,
  };
  show(req, res, { template: 'errand', title, view });
}

function sentenceOf({ words, count }: Saying, { state, done, total }: Errand): string {
  return words(`admin.errands.${state}`, { done: count(done), total: count(Math.max(total ?? 0, done)) });
}

function countLines({ words, count }: Saying, { counts }: Errand): string[] {
  return Object.entries(counts).flatMap(([name, n]) =>
    n === 0 ? [] : [words(`admin.log.note.${name}`, { value: count(n) })],
  );
}

/** Sends the lines of an import that were not taken in, and why. */
async function sendReport({ ctx }: Admin, req: Request, res: Response, id: number): Promise<void> {
  const { words } = sayingFor(ctx, req);
  const heads = ['line', 'address', 'reason'].map((name) => words(`admin.imports.report.${name}`));
  await sendCsv(res, `import-${id}`, heads, problems(ctx, id), ({ line, email, reason }) => [line, email, reason]);
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
