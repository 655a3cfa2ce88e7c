import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { enumOf } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { sumsOf, type EditionSum } from '../ledger/edition-sums.ts';
import { waitingFor } from '../ledger/waiting.ts';
import type { EditionState } from '../../model/edition.ts';

/** An edition as planning needs it. */
export interface EditionRef {
  id: number;
  state: EditionState;
}

/**
 * Finds or makes the editions of these keys. Keys are sorted first, so that two planners never wait for each other in a
 * circle.
 */
export async function internEditions(db: Tx, keys: readonly string[], now: Date): Promise<Map<string, EditionRef>> {
  const wanted = [...new Set(keys)].sort();
  const find = () =>
    db.edition.findMany({ where: { key: { in: wanted } }, select: { id: true, key: true, state: true } });
  let found = await find();
  if (found.length < wanted.length) {
    await db.edition.createMany({ data: wanted.map((key) => ({ key, createdAt: now })), skipDuplicates: true });
    found = await find();
  }
  return new Map(found.map(({ id, key, state }) => [key, { id, state }]));
}

const stateOf = query(
  'lock an edition',
  { state: enumOf<EditionState>('edition_state') },
  (given: { key: string }) => sql`SELECT state FROM editions WHERE key = ${given.key} FOR UPDATE`,
);

/** Locks an edition until the transaction ends and returns its state; null where there is none. */
export async function lockEdition(db: Tx, key: string): Promise<EditionState | null> {
  const [row] = await stateOf(db, { key });
  return row?.state ?? null;
}

/** An edition with its deliveries counted by state. */
export interface EditionSummary {
  id: number;
  key: string;
  state: EditionState;
  createdAt: Date;
  counts: Record<string, number>;
  /** Why some of it was set aside: «55: warm-up (5 mails on day 1)». */
  waits: string;
}

const CURSOR = cursorOf('editions', 'number');

/** Lists editions, newest first, with how many deliveries stand in each state. */
export async function listEditions(db: Tx, wish: PageWish): Promise<Page<EditionSummary>> {
  const page = await readPage(
    CURSOR,
    wish,
    (key, take) => db.edition.findMany({ where: key ? { id: { lt: key[0] } } : {}, orderBy: { id: 'desc' }, take }),
    ({ id }) => [id],
  );
  return { ...page, rows: await summaries(db, page.rows) };
}

/** Finds an edition by its key, with how many deliveries stand in each state; null where there is none. */
export async function findEdition(db: Tx, key: string): Promise<EditionSummary | null> {
  const row = await db.edition.findUnique({ where: { key } });
  return row && ((await summaries(db, [row]))[0] ?? null);
}

async function summaries(
  db: Tx,
  editions: Pick<EditionSummary, 'id' | 'key' | 'state' | 'createdAt'>[],
): Promise<EditionSummary[]> {
  const sums = await sumsOf(
    db,
    editions.map(({ id }) => id),
  );
  const waiting = await waitingFor(
    db,
    editions.map(({ id }) => id),
  );
  return editions.map((edition) => ({
    ...edition,
    waits: waiting
      .filter(({ editionId }) => editionId === edition.id)
      .map(({ reason, count }) => `${count}: ${reason}`)
      .join(', '),
    counts: countsOf(sums.filter(({ editionId }) => editionId === edition.id)),
  }));
}

/** Finds editions by their keys. */
export async function findEditions(
  db: Tx,
  keys: readonly string[],
): Promise<{ id: number; key: string; state: EditionState; createdAt: Date }[]> {
  return db.edition.findMany({ where: { key: { in: [...keys] } }, orderBy: { id: 'desc' } });
}

function countsOf(sums: readonly EditionSum[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state, count } of sums) counts[state] = (counts[state] ?? 0) + count;
  return counts;
}
