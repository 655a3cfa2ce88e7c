import type { Tx } from '../client.ts';

/** Tells whether one of these papers has not been compared with the interests yet. */
export async function hasUnmatchedPapers(db: Tx, paperIds: readonly number[]): Promise<boolean> {
  const found = await db.paper.findFirst({
    where: { id: { in: [...paperIds] }, matcherVersion: null },
    select: { id: true },
  });
  return found !== null;
}

/** Returns the interests that have not been compared with the papers yet: their readers wait for the match job. */
export async function loadUnmatchedInterests(db: Tx): Promise<Set<number>> {
  const rows = await db.interest.findMany({ where: { matcherVersion: null }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}
