import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { findErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import type { Actor } from '../../model/actor.ts';

/** Tells whether an errand can be stopped: what was done of it stays, and the step under way is the last. */
export function canBeStopped({ kind, state }: Pick<Errand, 'kind' | 'state'>): boolean {
  return kind === 'source.backfill' && (state === 'waiting' || state === 'running');
}

/** Stops an errand; false where there is nothing (any more) to be stopped. */
export async function stopErrand(ctx: Context, id: number, by: Actor): Promise<boolean> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const errand = await findErrand(tx, id);
    if (!errand || !canBeStopped(errand)) return false;
    await noteErrand(tx, id, { state: 'stopped', finishedAt: now });
    const detail = { kind: errand.kind, done: errand.done };
    await recordAct(tx, { at: now, actor: by, action: 'errand.stop', subject: String(id), detail });
    return true;
  });
}
