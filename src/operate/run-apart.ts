import type { Context } from '../context.ts';
import { withLock } from '../db/locks.ts';
import { findRun, finishRun, startRun, type RunRecord } from '../db/operator/runs.ts';
import { messageOf, oneLine } from '../lib/errors.ts';

/**
 * Does long work after the answer, as a run that can be looked at: one of a name at a time over all processes. What is
 * interrupted is repeated by whoever wants it; all of it is safe to repeat. Returns the run as it begins.
 */
export async function runApart(
  ctx: Context,
  name: string,
  work: () => Promise<Record<string, number>>,
): Promise<RunRecord> {
  const id = await startRun(ctx.db, name, ctx.now());
  const record = await findRun(ctx.db, id);
  if (!record) throw new Error(`run ${id} vanished as it began`);
  void finish(ctx, record, work).catch((error: unknown) => {
    ctx.log.error({ job: name, problem: messageOf(error) }, 'the end of a run could not be noted');
  });
  return record;
}

async function finish(ctx: Context, { id, job }: RunRecord, work: () => Promise<Record<string, number>>) {
  try {
    const counts = await withLock(ctx.db, `job:${job}`, work);
    await finishRun(ctx.db, id, { now: ctx.now(), counts });
  } catch (error) {
    ctx.log.error({ job, err: error }, 'run failed');
    await finishRun(ctx.db, id, { now: ctx.now(), error: oneLine(error) });
  }
}
