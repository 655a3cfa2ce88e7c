import type { Tx } from '../client.ts';

/** Tells whether one of these papers has not been compared with the interests yet. */
export async function hasUnmatchedPapers(db: Tx, paperIds: readonly number[]): Promise<boolean> {
  const found = await db.paper.findFirst({
    where: { id: { in: [...paperIds] }, matcherVersion: null },
    select: { id: true },
  });
  return found !== null;
}

/** The interests that have not been compared with the papers yet, as they stood at one moment. */
export type Unmatched = Pick<ReadonlySet<number>, 'has'>;

/** Of so many newest interests it is known which are matched; nobody has as many in transactions that are under way. */
const NEWEST = 2_000;

/**
 * Looks which interests have not been compared with the papers yet: their readers wait for the match job. What is
 * committed only later counts as one of them, since its matches are not among those that the caller reads next.
 */
export async function loadUnmatchedInterests(db: Tx): Promise<Unmatched> {
  const select = { id: true, matcherVersion: true } as const;
  const newest = await db.interest.findMany({ orderBy: { id: 'desc' }, take: NEWEST, select });
  const rows = await db.interest.findMany({ where: { matcherVersion: null }, select: { id: true } });
  const unmatched = new Set(rows.map(({ id }) => id));
  const matched = new Set(newest.flatMap(({ id, matcherVersion }) => (matcherVersion === null ? [] : [id])));
  const since = newest.length < NEWEST ? 0 : (newest.at(-1)?.id ?? 0);
  return { has: (id) => unmatched.has(id) || (id >= since && !matched.has(id)) };
}
