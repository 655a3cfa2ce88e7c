import type { Context } from '../../context.ts';
import { findErrand, nextErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import { oneLine } from '../../lib/errors.ts';
import { isOutage } from '../../lib/outage.ts';
import { stepOnReaders } from './on-readers.ts';
import { stepImport } from './import-file.ts';
import { stepResend } from './resend.ts';
import { stepUndo, stepUndoImport } from './undo.ts';

/** What became of one step: more to do, or all done. */
export type Step = 'more' | 'done';

/** Does the next step of an errand, and notes how far it is; safe to repeat after a crash. */
type Work = (ctx: Context, errand: Errand, signal: AbortSignal | undefined) => Promise<Step>;

/** What long work there is, by how its kind begins. */
const WORK: readonly (readonly [start: string, work: Work])[] = [
  ['undo.readers.import', stepUndoImport],
  ['readers.import', stepImport],
  ['readers.', stepOnReaders],
  ['undo.', stepUndo],
  ['edition.resend', stepResend],
];

/**
 * Does what operators asked for that takes long, one after the other, step by step: what was interrupted goes on behind
 * its last step. Returns how many came to an end.
 */
export async function runErrands(
  ctx: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ errands: number }> {
  let errands = 0;
  for (let errand = await nextErrand(ctx.db); errand && !signal?.aborted; errand = await nextErrand(ctx.db)) {
    if (errand.state === 'waiting') await noteErrand(ctx.db, errand.id, { state: 'running', startedAt: ctx.now() });
    if (await endOf(ctx, errand, signal)) errands++;
  }
  return { errands };
}

/** Does steps of one errand until it ends, or is to stop for now; tells whether it ended. */
async function endOf(ctx: Context, { id, kind }: Errand, signal: AbortSignal | undefined): Promise<boolean> {
  const work = WORK.find(([start]) => kind.startsWith(start))?.[1];
  try {
    if (!work) throw new Error(`nobody knows how to do ${kind}`);
    for (;;) {
      const errand = await findErrand(ctx.db, id);
      if (!errand || errand.state === 'stopped') return true;
      if (signal?.aborted) return false;
      if ((await work(ctx, errand, signal)) === 'done') break;
    }
    await noteErrand(ctx.db, id, { state: 'done', finishedAt: ctx.now() });
  } catch (error) {
    if (isOutage(error) || signal?.aborted) throw error;
    ctx.log.error({ errand: id, kind, err: error }, 'errand failed');
    await noteErrand(ctx.db, id, { state: 'failed', error: oneLine(error), finishedAt: ctx.now() });
  }
  return true;
}
