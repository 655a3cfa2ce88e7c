import type { Tx } from '../client.ts';
import type { Errand } from './errands.ts';

/** That an act was taken back: by which act, when, and by whom. */
export interface Undoing {
  act: bigint;
  at: Date;
  actor: string;
}

/** Finds which acts are taken back; one whose taking back was itself taken back is not. */
export async function findUndoings(db: Tx, acts: readonly bigint[]): Promise<Map<bigint, Undoing>> {
  if (acts.length === 0) return new Map();
  const rows = await db.auditEntry.findMany({
    where: { undoes: { in: [...acts] } },
    select: { id: true, undoes: true, at: true, actor: true },
  });
  const restored = await findUndoings(
    db,
    rows.map(({ id }) => id),
  );
  return new Map(
    rows.flatMap(({ id, undoes, at, actor }) =>
      undoes === null || restored.has(id) ? [] : [[undoes, { act: id, at, actor }]],
    ),
  );
}

/** Finds which errands are taken back, by their numbers. */
export async function findUndoneErrands(
  db: Tx,
  errands: readonly Pick<Errand, 'id' | 'actId'>[],
): Promise<Map<number, Undoing>> {
  const undone = await findUndoings(
    db,
    errands.flatMap(({ actId }) => (actId === null ? [] : [actId])),
  );
  return new Map(
    errands.flatMap(({ id, actId }) => {
      const undoing = actId === null ? undefined : undone.get(actId);
      return undoing ? [[id, undoing]] : [];
    }),
  );
}
