import type { EditionState } from '../../model/edition.ts';
import { sumsOf } from '../ledger/edition-sums.ts';
import type { Tx } from '../client.ts';

/** An edition, and how much of it is where. */
export interface EditionProgress {
  key: string;
  state: EditionState;
  createdAt: Date;
  planned: number;
  sent: number;
  waiting: number;
  /** bounced, failed, uncertain. */
  notSent: number;
  cancelled: number;
}

/** How far back the newest editions are looked at. */
const NEWEST = 40;

/** Returns the newest editions with their sums, newest first. */
export async function newestEditions(db: Tx): Promise<EditionProgress[]> {
  const rows = await db.edition.findMany({ orderBy: { id: 'desc' }, take: NEWEST });
  const sums = await sumsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, key, state, createdAt }) => {
    const own = sums.filter(({ editionId }) => editionId === id);
    const of = (...states: string[]) =>
      own.filter((sum) => states.includes(sum.state)).reduce((all, { count }) => all + count, 0);
    return {
      ...{ key, state, createdAt, sent: of('sent'), waiting: of('planned', 'sending', 'retrying') },
      ...{ notSent: of('bounced', 'failed', 'uncertain'), cancelled: of('cancelled') },
      planned: own.reduce((all, { count }) => all + count, 0),
    };
  });
}

/** Returns the editions that an operator paused, with what waits of them. */
export async function pausedEditions(db: Tx): Promise<{ edition: string; waiting: number }[]> {
  const rows = await db.edition.findMany({ where: { state: 'paused' }, orderBy: { id: 'desc' }, take: NEWEST });
  const sums = await sumsOf(
    db,
    rows.map(({ id }) => id),
  );
  const waits = (id: number, state: string) =>
    sums.find((sum) => sum.editionId === id && sum.state === state)?.count ?? 0;
  return rows.map(({ id, key }) => ({ edition: key, waiting: waits(id, 'planned') + waits(id, 'retrying') }));
}
