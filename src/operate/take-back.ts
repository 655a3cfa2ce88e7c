import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findAct, lockAct } from '../db/operator/acts-list.ts';
import type { Actor } from '../model/actor.ts';
import { beginUndo, isOnMany } from './errands/undo.ts';
import { takeBackWithin, type TakeBackOutcome } from './take-back-within.ts';

/**
 * Takes an act back: sets back exactly what it changed, where nothing newer stands on it. Taking back is an act itself,
 * so it can be taken back too, by the same rules. Never for erasing or a sent mail.
 */
export async function takeBack(ctx: Context, id: bigint, by: Actor): Promise<TakeBackOutcome> {
  return transaction(ctx.db, async (tx): Promise<TakeBackOutcome> => {
    const found = await findAct(tx, id);
    if (!found) return { outcome: 'unknown' };
    // The lock of its subject keeps two apart. That of the act, taken first, would meet who erases the subject.
    if (!isOnMany(found.action)) return takeBackWithin(ctx, tx, found, by);
    const act = (await lockAct(tx, id)) ?? found; // of two who press at once, the second sees what the first did
    if (act.undoneBy !== null) return { outcome: 'already', act, by: act.undoneBy };
    if (act.action === 'undo.readers.import') return { outcome: 'no-way', act }; // whom it removed is gone
    return { outcome: 'job', act, by: await beginUndo(ctx, tx, act, by) };
  });
}
