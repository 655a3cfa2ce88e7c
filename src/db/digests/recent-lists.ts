import { asDate, dateOnly } from '../../lib/time.ts';
import type { DigestState, HealthVerdict } from '../../model/digest.ts';
import type { Tx } from '../client.ts';

/** A list in a word. */
export interface RecentList {
  id: number;
  source: string;
  digestOn: string;
  verdict: HealthVerdict;
  state: DigestState;
  arrivedAt: Date;
  entryCount: number;
}

/** Lists what sources listed from a day on, newest day first. */
export async function listsSince(db: Tx, sources: readonly string[], from: string): Promise<RecentList[]> {
  const rows = await db.digest.findMany({
    where: { source: { in: [...sources] }, digestOn: { gte: asDate(from) } },
    orderBy: [{ digestOn: 'desc' }, { source: 'asc' }],
    include: { _count: { select: { entries: true } } },
  });
  return rows.map(({ id, source, digestOn, verdict, state, arrivedAt, _count }) => ({
    ...{ id, source, digestOn: dateOnly(digestOn), verdict, state, arrivedAt, entryCount: _count.entries },
  }));
}

/** What of a list was not on the one before it, and what is no longer there; papers by the root of their merges. */
export interface ListDifference {
  /** The day it is compared with. */
  before: string;
  added: string[];
  gone: string[];
  both: number;
}

/** Compares a list with the one of its source's day before; null where there is none. */
export async function compareWithBefore(
  db: Tx,
  { id, source, digestOn }: Pick<RecentList, 'id' | 'source' | 'digestOn'>,
): Promise<ListDifference | null> {
  const before = await db.digest.findFirst({
    where: { source, digestOn: { lt: asDate(digestOn) }, state: { not: 'discarded' } },
    orderBy: { digestOn: 'desc' },
    select: { id: true, digestOn: true },
  });
  if (!before) return null;
  const [now, then] = await Promise.all([titlesOf(db, id), titlesOf(db, before.id)]);
  const only = (some: Map<number, string>, other: Map<number, string>) =>
    [...some].flatMap(([paper, title]) => (other.has(paper) ? [] : [title]));
  const added = only(now, then);
  return { before: dateOnly(before.digestOn), added, gone: only(then, now), both: now.size - added.length };
}

async function titlesOf(db: Tx, digestId: number): Promise<Map<number, string>> {
  const rows = await db.entry.findMany({
    where: { digestId },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: { title: true, paperId: true, paper: { select: { mergedIntoId: true } } },
  });
  return new Map(rows.map(({ title, paperId, paper }) => [paper.mergedIntoId ?? paperId, title]));
}
