import type { ListedAct } from '../db/operator/acts-list.ts';
import { isOnMany } from './errands/undo.ts';
import { wayBackOf } from './ways-back/ways-back.ts';

/** Tells whether an act may have a way back: whether it still has shows when it is taken. */
export function mayBeTakenBack({ action, before, undoneBy }: ListedAct): boolean {
  if (undoneBy !== null) return false;
  if (isOnMany(action)) return action !== 'undo.readers.import';
  return before !== null && wayBackOf(action) !== null;
}

/** Writes an act as programs read it: on the command line and over the API. */
export function actJson(act: ListedAct) {
  const { id, at, actor, action, subject, detail, before, after, origin, undoes, undoneBy, partOf } = act;
  return {
    ...{ id: String(id), at: at.toISOString(), actor, action, subject, detail, before, after, origin },
    undoes: textOf(undoes),
    undoneBy: textOf(undoneBy),
    partOf: textOf(partOf),
    canBeTakenBack: mayBeTakenBack(act),
  };
}

function textOf(id: bigint | null): string | null {
  return id === null ? null : String(id);
}
