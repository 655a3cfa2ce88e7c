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
  bounced: number;
  failed: number;
  uncertain: number;
  cancelled: number;
}

/** How far back the newest editions are looked at. */
const NEWEST = 40;
/** Most welcomes that are looked at: nobody but who left and came back as often has a later one. */
const WELCOMES = 40;
const WELCOME = { startsWith: 'welcome:' };

/** Returns the newest editions with their sums, newest first; among them the welcomes, which never end, of any age. */
export async function newestEditions(db: Tx): Promise<EditionProgress[]> {
  const [welcomes, others] = await Promise.all([
    db.edition.findMany({ where: { key: WELCOME }, orderBy: { id: 'asc' }, take: WELCOMES }),
    db.edition.findMany({ where: { NOT: { key: WELCOME } }, orderBy: { id: 'desc' }, take: NEWEST }),
  ]);
  const rows = [...others, ...welcomes].sort((a, b) => b.id - a.id);
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
      ...{ bounced: of('bounced'), failed: of('failed'), uncertain: of('uncertain'), cancelled: of('cancelled') },
      planned: own.reduce((all, { count }) => all + count, 0),
    };
  });
}

/** Returns the editions that an operator paused, with what waits of them; not those that are over and sent. */
export async function pausedEditions(db: Tx): Promise<{ edition: string; waiting: number }[]> {
  const rows = await db.edition.findMany({ where: { state: 'paused' }, orderBy: { id: 'desc' }, take: NEWEST });
  const sums = await sumsOf(
    db,
    rows.map(({ id }) => id),
  );
  const waits = (id: number, state: string) =>
    sums.find((sum) => sum.editionId === id && sum.state === state)?.count ?? 0;
  return rows.flatMap(({ id, key: edition, finishedAt }) => {
    const waiting = waits(id, 'planned') + waits(id, 'retrying');
    return finishedAt === null || waiting > 0 ? [{ edition, waiting }] : [];
  });
}
