import type { Context } from '../../context.ts';
import type { ErrandJob } from '../../model/job.ts';
import { endErrand, findErrand, nextErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import { oneLine, saidOf } from '../../lib/errors.ts';
import { isOutage } from '../../lib/outage.ts';
import { stepBackfill } from './backfill.ts';
import { stepOnReaders } from './on-readers.ts';
import { stepImport } from './import-file.ts';
import { stepResend } from './resend.ts';
import { stepUndo, stepUndoImport } from './undo.ts';

/** What became of one step: more to do, or all done. */
export type Step = 'more' | 'done';

/** Does the next step of an errand, and notes how far it is; safe to repeat after a crash. */
type Work = (ctx: Context, errand: Errand, signal: AbortSignal | undefined) => Promise<Step>;

/** What long work there is, by the job that does it and by how its kind begins. */
const WORK: Record<ErrandJob, readonly (readonly [start: string, work: Work])[]> = {
  // What changes readers stays in the order in which it was asked for.
  errands: [
    ['undo.readers.import', stepUndoImport],
    ['readers.import', stepImport],
    ['readers.', stepOnReaders],
    ['undo.', stepUndo],
  ],
  resends: [['edition.resend', stepResend]],
  backfill: [['source.backfill', stepBackfill]],
};

/**
 * Does what operators asked for that takes long and is this job's, one after the other, step by step: what was
 * interrupted goes on behind its last step. Returns how many came to an end.
 */
export async function runErrands(
  ctx: Context,
  job: ErrandJob,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ errands: number }> {
  const starts = WORK[job].map(([start]) => start);
  let errands = 0;
  while (!signal?.aborted) {
    const errand = await nextErrand(ctx.db, starts);
    if (!errand) break;
    if (errand.state === 'waiting') await noteErrand(ctx.db, errand.id, { state: 'running', startedAt: ctx.now() });
    if (await endOf(ctx, errand, WORK[job], signal)) errands++;
  }
  return { errands };
}

/** Does steps of one errand until it ends, or is to stop for now; tells whether it ended. */
async function endOf(
  ctx: Context,
  { id, kind }: Errand,
  works: (typeof WORK)[ErrandJob],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const work = works.find(([start]) => kind.startsWith(start))?.[1];
  try {
    if (!work) throw new Error(`nobody knows how to do ${kind}`);
    for (;;) {
      const errand = await findErrand(ctx.db, id);
      if (!errand || errand.state === 'stopped') return true;
      if (signal?.aborted) return false;
      if ((await work(ctx, errand, signal)) === 'done') break;
    }
    await endErrand(ctx.db, id, { state: 'done', finishedAt: ctx.now() });
  } catch (error) {
    if (signal?.aborted) return false; // told to stop: the next run goes on
    if (isOutage(error)) throw error;
    ctx.log.error({ errand: id, kind, err: error }, 'errand failed');
    const why = { error: oneLine(error), said: saidOf(error) };
    await endErrand(ctx.db, id, { state: 'failed', ...why, finishedAt: ctx.now() });
  }
  return true;
}
