import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Said } from '../../lib/errors.ts';
import type { Actor } from '../../model/actor.ts';
import type { Tx } from '../client.ts';
import { int4 } from '../columns.ts';
import type { Errand as Row, Prisma } from '../generated/client.ts';
import { keptSaid } from '../said.ts';
import { query, sql } from '../statement.ts';

/** Long work that an operator asked for, as it stands. */
export interface Errand {
  id: number;
  kind: string;
  state: 'draft' | 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  wish: Record<string, unknown>;
  position: number;
  done: number;
  total: number | null;
  counts: Record<string, number>;
  actor: Actor;
  actId: bigint | null;
  error: string | null;
  /** The error by name and values; null where only its words are known. */
  said: Said | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** What of an errand could not be done, and why: a line of a file with its address, a day of a source. */
export interface ErrandProblem {
  /** Its number, from 1. */
  line: number;
  what: string;
  /** In English, for programs. */
  reason: string;
  /** The same by name and values, for pages. */
  why?: readonly Said[];
}

/** Notes work to be done; returns its number. */
export async function createErrand(
  db: Tx,
  row: {
    kind: string;
    wish: object;
    actor: Actor;
    now: Date;
    state?: 'draft' | 'waiting' | 'failed';
    actId?: bigint | null;
    total?: number | null;
  },
): Promise<number> {
  const { kind, wish, actor, now: createdAt, state = 'waiting', actId = null, total = null } = row;
  const data = { kind, wish, actor, createdAt, state, actId, total: total === null ? null : BigInt(total) };
  return (await db.errand.create({ data, select: { id: true } })).id;
}

/** Finds an errand by its number; null where there is none (any more). */
export async function findErrand(db: Tx, id: number): Promise<Errand | null> {
  const row = await db.errand.findUnique({ where: { id } });
  return row && toErrand(row);
}

/** Finds the errand of an act; null where it has none. */
export async function findErrandOf(db: Tx, actId: bigint): Promise<Errand | null> {
  const row = await db.errand.findFirst({ where: { actId }, orderBy: { id: 'asc' } });
  return row && toErrand(row);
}

const oldestOpen = query(
  'oldest open errand',
  { id: int4 },
  (given: { starts: readonly string[] }) => sql`
    SELECT id FROM errands WHERE state IN ('waiting', 'running')
      AND EXISTS (SELECT FROM unnest(${given.starts}::text[]) AS known (start) WHERE starts_with(kind, known.start))
    ORDER BY id LIMIT 1`,
);

/** Returns the oldest errand that is to be done or went unfinished, of those whose kind begins so. */
export async function nextErrand(db: Tx, starts: readonly string[]): Promise<Errand | null> {
  const [oldest] = await oldestOpen(db, { starts });
  return oldest ? findErrand(db, oldest.id) : null;
}

/** Lists the newest errands of a kind. */
export async function listErrands(db: Tx, kind: string, limit: number): Promise<Errand[]> {
  const rows = await db.errand.findMany({ where: { kind }, orderBy: { id: 'desc' }, take: limit });
  return rows.map(toErrand);
}

const CURSOR = cursorOf('errands', 'number');

/** Lists errands of all kinds, newest first. */
export function pageOfErrands(db: Tx, wish: PageWish): Promise<Page<Errand>> {
  return readPage<[number], Errand>(
    CURSOR,
    wish,
    async (key, take) => {
      const where = key ? { id: { lt: key[0] } } : {};
      return (await db.errand.findMany({ where, orderBy: { id: 'desc' }, take })).map(toErrand);
    },
    ({ id }) => [id],
  );
}

/** Writes how far an errand is, what of it is known by now, or how it ended. */
export async function noteErrand(
  db: Tx,
  id: number,
  change: Partial<
    Pick<Errand, 'state' | 'wish' | 'counts' | 'error' | 'said' | 'startedAt' | 'finishedAt' | 'actId'>
  > & {
    position?: number;
    done?: number;
    total?: number;
  },
): Promise<void> {
  const { position, done, total, wish, said, ...rest } = change;
  await db.errand.update({
    where: { id },
    data: {
      ...rest,
      ...(said === undefined ? {} : { said: keptSaid(said) }),
      ...(wish === undefined ? {} : { wish: wish as Prisma.InputJsonObject }),
      ...(position === undefined ? {} : { position: BigInt(position) }),
      ...(done === undefined ? {} : { done: BigInt(done) }),
      ...(total === undefined ? {} : { total: BigInt(total) }),
    },
  });
}

/** Writes how an errand ended; one that was stopped meanwhile stays stopped. */
export async function endErrand(
  db: Tx,
  id: number,
  { said, ...end }: Partial<Pick<Errand, 'state' | 'error' | 'said'>> & { finishedAt: Date },
): Promise<void> {
  const data = { ...end, ...(said === undefined ? {} : { said: keptSaid(said) }) };
  await db.errand.updateMany({ where: { id, state: { not: 'stopped' } }, data });
}

const lock = query(
  'lock an errand',
  { id: int4 },
  (given: { id: number }) => sql`SELECT id FROM errands WHERE id = ${given.id} FOR UPDATE`,
);

/** Reads an errand that nobody stops until the transaction ends; null where there is none. */
export async function lockErrand(db: Tx, id: number): Promise<Errand | null> {
  await lock(db, { id });
  return findErrand(db, id);
}

/** Keeps what could not be done; a line twice is one. */
export async function keepProblems(db: Tx, errandId: number, problems: readonly ErrandProblem[]): Promise<void> {
  if (problems.length === 0) return;
  const data = problems.map(({ line, what, reason, why }) => ({
    ...{ errandId, line, what, reason },
    ...(why && { said: why as unknown as Prisma.InputJsonArray }),
  }));
  await db.errandProblem.createMany({ data, skipDuplicates: true });
}

/** Counts what of an errand could not be done. */
export function countProblems(db: Tx, errandId: number): Promise<number> {
  return db.errandProblem.count({ where: { errandId } });
}

/** Returns what next could not be done of an errand, behind a line. */
export async function problemsAfter(db: Tx, errandId: number, line: number, limit: number): Promise<ErrandProblem[]> {
  const rows = await db.errandProblem.findMany({
    where: { errandId, line: { gt: line } },
    orderBy: { line: 'asc' },
    take: limit,
    select: { line: true, what: true, reason: true, said: true },
  });
  return rows.map(({ said, ...row }) => ({ ...row, ...(said !== null && { why: said as unknown as Said[] }) }));
}

function toErrand({ position, done, total, ...row }: Row): Errand {
  return {
    ...row,
    ...{ position: Number(position), done: Number(done), total: total === null ? null : Number(total) },
    wish: row.wish as Record<string, unknown>,
    counts: row.counts as Record<string, number>,
    actor: row.actor as Actor,
    said: row.said as Said | null,
  };
}
