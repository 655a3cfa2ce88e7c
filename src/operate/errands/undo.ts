import type { Context } from '../../context.ts';
import { transaction, type Tx } from '../../db/client.ts';
import { partsOf, type ListedAct } from '../../db/operator/acts-list.ts';
import { countForAct, recordAct } from '../../db/operator/audit.ts';
import { createErrand, findErrandOf, noteErrand, type Errand } from '../../db/operator/errands.ts';
import { findUnusedImported, isUsedImported } from '../../db/subscribers/imported.ts';
import { lockSubscriber } from '../../db/subscribers/subscribers.ts';
import { announce } from '../../hooks/announce.ts';
import { plainAction, undoing } from '../../model/act.ts';
import type { Actor } from '../../model/actor.ts';
import { deletePerson } from '../../subscribers/delete-person.ts';
import { takeBackWithin } from '../take-back-within.ts';

/** Acts of one step. */
const BATCH = 100;

/** Tells whether an act is one on many readers, which is taken back step by step. */
export function isOnMany(action: string): boolean {
  return plainAction(action).startsWith('readers.');
}

/** Begins to take back an act on many readers: one taking back for the whole. Returns its number. */
export async function beginUndo(ctx: Context, tx: Tx, act: ListedAct, by: Actor): Promise<bigint> {
  const now = ctx.now();
  const kind = undoing(act.action);
  const done = await findErrandOf(tx, act.id);
  // One that a command is at work on is noted as failed until it ends.
  if (done && done.finishedAt === null) await noteErrand(tx, done.id, { state: 'stopped', finishedAt: now });
  const actId = await recordAct(tx, { at: now, actor: by, action: kind, undoes: act.id });
  const wish = { act: Number(act.id), ...(done?.wish['import'] === undefined ? {} : { import: done.id }) };
  // Taking a taking back back goes through the parts too: it is the same work whatever it is called.
  const isAgain = !kind.startsWith('undo.');
  await createErrand(tx, {
    kind: isAgain ? `undo.${kind}` : kind,
    wish,
    actor: by,
    now,
    actId,
    total: done?.done ?? null,
  });
  await ctx.queue.wake('errands', tx);
  return actId;
}

/** Takes back the next parts of an act on many, newest first. What something newer stands on stays, and is counted. */
export async function stepUndo(ctx: Context, errand: Errand): Promise<'more' | 'done'> {
  const of = BigInt(errand.wish['act'] as number);
  const parts = await partsOf(ctx.db, of, {
    before: errand.position === 0 ? null : BigInt(errand.position),
    most: BATCH,
  });
  for (const part of parts)
    await transaction(ctx.db, async (tx) => {
      const { outcome } = await takeBackWithin(ctx, tx, part, errand.actor, errand.actId);
      if (outcome === 'already') return;
      await countForAct(tx, errand.actId ?? 0n, outcome === 'taken-back' ? { restored: 1 } : { refused: 1 });
    });
  const position = Number(parts.at(-1)?.id ?? errand.position);
  await noteErrand(ctx.db, errand.id, { position, done: errand.done + parts.length });
  return parts.length < BATCH ? 'done' : 'more';
}

/** Removes the next of those whom an import made and who neither confirmed nor got a mail since. */
export async function stepUndoImport(ctx: Context, errand: Errand): Promise<'more' | 'done'> {
  const importId = errand.wish['import'] as number;
  const next = await findUnusedImported(ctx.db, importId, { after: errand.position, most: BATCH });
  let [removed, kept] = [errand.counts['removed'] ?? 0, errand.counts['kept'] ?? 0];
  await transaction(ctx.db, async (tx) => {
    const erased: { subscriber: string }[] = [];
    for (const { id, publicId, used } of next) {
      const reader = used ? null : await lockSubscriber(tx, publicId);
      // Asked anew behind the lock: they may have confirmed, or been mailed, since they were read.
      if (!reader || (await isUsedImported(tx, importId, id))) continue;
      await deletePerson(tx, reader, 'taken_back', ctx.now());
      erased.push({ subscriber: publicId });
    }
    await announce(ctx, tx, 'subscriber.erased', ...erased);
    const counts = { removed: erased.length, kept: next.length - erased.length };
    removed += counts.removed;
    kept += counts.kept;
    if (next.length > 0) await countForAct(tx, errand.actId ?? 0n, counts);
    const position = next.at(-1)?.id ?? errand.position;
    await noteErrand(tx, errand.id, { position, done: errand.done + next.length, counts: { removed, kept } });
  });
  return next.length < BATCH ? 'done' : 'more';
}
