import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { ActTrace, Snapshot } from '../../model/act.ts';
import type { Actor } from '../../model/actor.ts';
import type { Tx } from '../client.ts';
import { filled, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import type { Prisma } from '../generated/client.ts';

/** An act as it stands in the log. */
export interface ListedAct extends ActTrace {
  at: Date;
  actor: string;
  subject: string | null;
  /** What is to be said beyond it, its counts included. */
  detail: Record<string, unknown>;
  before: Snapshot | null;
  origin: string | null;
  /** The act on many that it is part of. */
  partOf: bigint | null;
  /** The act that took it back. */
  undoneBy: bigint | null;
}

/** Which acts to list. */
export interface ActFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  since?: Date | undefined;
  /** Acts before this instant. */
  until?: Date | undefined;
}

const CURSOR = cursorOf('acts', 'bigint');

const SHOWN = {
  undoneBy: { select: { id: true } },
  counts: { select: { name: true, count: true } },
} as const satisfies Prisma.AuditEntryInclude;

type Row = Prisma.AuditEntryGetPayload<{ include: typeof SHOWN }>;

/**
 * Lists acts, newest first; what is done to many is one of them. The parts of such an act come where a subject is asked
 * for.
 */
export async function listActs(db: Tx, { limit, cursor, ...filter }: PageWish & ActFilter): Promise<Page<ListedAct>> {
  const { actor, action, subject, since, until } = filter;
  const where: Prisma.AuditEntryWhereInput = {
    ...(subject === undefined ? { partOf: null } : { subject }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(since || until ? { at: { ...(since && { gte: since }), ...(until && { lt: until }) } } : {}),
  };
  return readPage<[bigint], ListedAct>(
    CURSOR,
    { limit, cursor },
    async (key, take) => {
      const rows = await db.auditEntry.findMany({
        where: { ...where, ...(key ? { id: { lt: key[0] } } : {}) },
        orderBy: { id: 'desc' },
        include: SHOWN,
        take,
      });
      return rows.map(toAct);
    },
    ({ id }) => [id],
  );
}

/** Finds an act by its number; null where there is none. */
export async function findAct(db: Tx, id: bigint): Promise<ListedAct | null> {
  const row = await db.auditEntry.findUnique({ where: { id }, include: SHOWN });
  return row ? toAct(row) : null;
}

const lock = command(
  'lock an act',
  (given: { id: bigint }) => sql`SELECT 1 FROM audit_log WHERE id = ${given.id} FOR NO KEY UPDATE`,
);

/** Finds an act that nobody else takes back until the transaction ends; null where there is none with its number. */
export async function lockAct(db: Tx, id: bigint): Promise<ListedAct | null> {
  await lock(db, { id });
  return findAct(db, id);
}

/** Lists the acts on a subject after one, oldest first. */
export async function actsAfter(db: Tx, subject: string | null, id: bigint): Promise<ListedAct[]> {
  if (subject === null) return [];
  const rows = await db.auditEntry.findMany({
    where: { subject, id: { gt: id } },
    orderBy: { id: 'asc' },
    include: SHOWN,
  });
  return rows.map(toAct);
}

/** Lists what acts on a subject after an instant found where they changed it, and when, oldest first. */
export async function foundByActsSince(db: Tx, subject: string, since: Date): Promise<{ at: Date; found: Snapshot }[]> {
  const where = { subject, at: { gt: since } };
  const rows = await db.auditEntry.findMany({ where, orderBy: { id: 'asc' }, select: { at: true, before: true } });
  return rows.map(({ at, before }) => ({ at, found: (before ?? {}) as Snapshot }));
}

/** Lists parts of an act on many, newest first, before one of them. */
export async function partsOf(
  db: Tx,
  partOf: bigint,
  { before, most }: { before: bigint | null; most: number },
): Promise<ListedAct[]> {
  const where = { partOf, ...(before === null ? {} : { id: { lt: before } }) };
  return (await db.auditEntry.findMany({ where, orderBy: { id: 'desc' }, include: SHOWN, take: most })).map(toAct);
}

/** Finds the newest act of a kind on a subject that nobody took back; null where there is none. */
export async function lastActOn(db: Tx, subject: string, action: string): Promise<bigint | null> {
  const row = await db.auditEntry.findFirst({
    where: { subject, action },
    orderBy: { id: 'desc' },
    select: { id: true, undoneBy: { select: { id: true } } },
  });
  return row && !row.undoneBy ? row.id : null;
}

/** One step for each actor, however many acts there are. */
const actors = query(
  'who acted',
  { name: filled(text) },
  (given: { most: number }) => sql`
    WITH RECURSIVE known AS (
      (SELECT actor AS name FROM audit_log ORDER BY actor LIMIT 1)
      UNION ALL
      SELECT (SELECT actor FROM audit_log WHERE actor > known.name ORDER BY actor LIMIT 1) FROM known WHERE known.name IS NOT NULL)
    SELECT name FROM known WHERE name IS NOT NULL LIMIT ${given.most}`,
);

const kinds = query(
  'what was done',
  { name: filled(text) },
  (given: { most: number }) => sql`
    WITH RECURSIVE known AS (
      (SELECT action AS name FROM audit_log ORDER BY action LIMIT 1)
      UNION ALL
      SELECT (SELECT action FROM audit_log WHERE action > known.name ORDER BY action LIMIT 1) FROM known WHERE known.name IS NOT NULL)
    SELECT name FROM known WHERE name IS NOT NULL LIMIT ${given.most}`,
);

/** Lists who is in the log and what they did, each once, a few hundred at most: what it can be narrowed by. */
export async function whatLogHolds(db: Tx): Promise<{ actors: string[]; actions: string[] }> {
  const [who, what] = [await actors(db, { most: 300 }), await kinds(db, { most: 300 })];
  return { actors: who.map(({ name }) => name), actions: what.map(({ name }) => name) };
}

function toAct({ counts, detail, before, after, undoneBy, ...row }: Row): ListedAct {
  const sums = Object.fromEntries(counts.map(({ name, count }) => [name, Number(count)]));
  return {
    ...row,
    detail: { ...(detail as object | null), ...sums },
    before: before as Snapshot | null,
    after: after as Snapshot | null,
    undoneBy: undoneBy?.id ?? null,
  };
}

/** Returns when an act was last done on a subject; null where it never was. */
export async function findLastActAt(db: Tx, subject: string, action: string): Promise<Date | null> {
  const found = await db.auditEntry.findFirst({
    where: { subject, action },
    orderBy: { id: 'desc' },
    select: { at: true },
  });
  return found?.at ?? null;
}

/** Finds what was noted of the last act of a kind on a subject, and when; null where there was none. */
export async function findLastDetail(
  db: Tx,
  subject: string,
  action: string,
): Promise<{ at: Date; detail: Record<string, unknown> } | null> {
  const found = await db.auditEntry.findFirst({
    where: { subject, action },
    orderBy: { id: 'desc' },
    select: { at: true, detail: true },
  });
  return found && { at: found.at, detail: { ...(found.detail as object | null) } };
}

/** Tells whether somebody did an act to a subject before. */
export async function hasActedOn(db: Tx, subject: string, action: string, actor: string): Promise<boolean> {
  return (await db.auditEntry.findFirst({ where: { subject, action, actor }, select: { id: true } })) !== null;
}

/** Returns when somebody last did something; null where they never did. */
export async function lastActAt(db: Tx, actor: Actor): Promise<Date | null> {
  const last = await db.auditEntry.findFirst({ where: { actor }, orderBy: { id: 'desc' }, select: { at: true } });
  return last?.at ?? null;
}
