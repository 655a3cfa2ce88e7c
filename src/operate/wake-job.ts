import type { Context } from '../context.ts';
import type { JobName } from '../model/job.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Asks that a job run now rather than at its next tick. */
export async function wakeJob(ctx: Context, job: JobName, by: Actor): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'job.wake', detail: { job } });
    await ctx.queue.wake(job, tx);
  });
}
