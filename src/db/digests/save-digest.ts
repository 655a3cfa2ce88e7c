import { asDate, dateOnly } from '../../lib/time.ts';
import {
  agesOn,
  initialDigestState,
  REMEMBERED_DIGESTS,
  USABLE_STATES,
  type DigestState,
  type Health,
  type HealthKind,
  type ParseWarning,
} from '../../model/digest.ts';
import { titleKey } from '../../model/paper.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, textOf } from '../columns.ts';
import type { Prisma } from '../generated/client.ts';
import { query, sql } from '../statement.ts';

/** A digest as it is stored, for judging another one of its source. */
export interface StoredDigest {
  id: number;
  digestOn: string;
  titleKeys: string[];
  /** Found well, or released. */
  trusted: boolean;
  ages: number[];
}

/**
 * Loads the newest digests of a source up to a list day, discarded ones left out, with the keys of their titles. Those
 * that look wrong teach no habit, unless they were released, nor do those of which all was known when they came.
 */
export async function digestHistory(db: Tx, source: string, latestOn = '9999-12-31'): Promise<StoredDigest[]> {
  const rows = await db.digest.findMany({
    where: { source, state: { not: 'discarded' }, digestOn: { lte: asDate(latestOn) } },
    select: {
      id: true,
      digestOn: true,
      state: true,
      verdict: true,
      entries: { select: { title: true, publishedOn: true, known: true } },
    },
    orderBy: { digestOn: 'desc' },
    take: REMEMBERED_DIGESTS,
  });
  return rows.map(({ id, digestOn, state, verdict, entries }) => ({
    id,
    digestOn: dateOnly(digestOn),
    titleKeys: entries.map(({ title }) => titleKey(title)),
    trusted:
      (state === 'released' || initialDigestState(verdict) === 'accepted') &&
      (entries.length === 0 || entries.some(({ known }) => !known)),
    ages: agesOn(
      dateOnly(digestOn),
      entries.map(({ publishedOn }) => ({ publishedOn: publishedOn && dateOnly(publishedOn) })),
    ),
  }));
}

/** Tells whether a source has no other digest. */
export async function isFirstDigest(db: Tx, id: number, source: string): Promise<boolean> {
  return (await db.digest.findFirst({ where: { source, id: { not: id } }, select: { id: true } })) === null;
}

/** Tells whether readers may get papers from a source's digest of a list day already. */
export async function isDayInUse(db: Tx, source: string, digestOn: string): Promise<boolean> {
  const where = { source, digestOn: asDate(digestOn), state: { in: [...USABLE_STATES] } };
  return (await db.digest.findFirst({ where, select: { id: true } })) !== null;
}

/**
 * Where a digest went. replaced: it was held until now, so that nobody has seen its entries · kept: a capture that
 * looks wrong came after one that looked right, which stays as it was.
 */
export interface SavedDigest {
  id: number;
  state: DigestState;
  outcome: 'stored' | 'refreshed' | 'replaced' | 'kept';
}

const lockDigest = query(
  'lock a digest',
  { id: int4, state: textOf<DigestState>(), kind: orNull(textOf<HealthKind>()) },
  (given: { source: string; digestOn: string }) => sql`
    SELECT id, state::text AS state, kind::text AS kind FROM digests WHERE source = ${given.source} AND digest_on = ${given.digestOn}::date FOR UPDATE`,
);

/**
 * Stores the one digest of a source and list day, or refreshes it from a later capture: a held one may become accepted,
 * never the other way round, and what an admin released or discarded stays so. What was used while it filled goes on
 * filling where its day ends short, and is told of as that.
 */
export async function saveDigest(
  db: Tx,
  digest: {
    source: string;
    digestOn: string;
    captureId: number;
    /** How many entries the capture has. */
    size: number;
    health: Health;
    warnings: ParseWarning[];
  },
  now: Date,
): Promise<SavedDigest> {
  const { source, digestOn, captureId, health } = digest;
  const state = initialDigestState(health.verdict);
  const values = {
    verdict: health.verdict,
    kind: health.kind ?? null,
    ...toldOf(health),
    warnings: digest.warnings as unknown as Prisma.InputJsonValue,
  };
  const key = { source, digestOn: asDate(digestOn) };
  const [before] = await lockDigest(db, { source, digestOn });
  if (!before) {
    const data = { ...key, captureId, state, arrivedAt: now, ...values };
    const { id } = await db.digest.create({ data, select: { id: true } });
    return { id, state, outcome: 'stored' };
  }
  if (before.state === 'accepted' && state === 'held' && !(await endsShort(db, before, digest)))
    return { id: before.id, state: before.state, outcome: 'kept' };
  const next = before.state === 'held' ? state : before.state;
  await db.digest.update({ where: { id: before.id }, data: { captureId, state: next, ...values } });
  return { id: before.id, state: next, outcome: before.state === 'held' ? 'replaced' : 'refreshed' };
}

/** Tells whether a short list is what a day came to that was used while it filled; one that is cut has less. */
async function endsShort(
  db: Tx,
  before: { id: number; kind: HealthKind | null },
  { health, size }: { health: Health; size: number },
): Promise<boolean> {
  if (health.kind !== 'short' || (before.kind !== 'filling' && before.kind !== 'short')) return false;
  return size >= (await db.entry.count({ where: { digestId: before.id } }));
}

/** Lists digests that were used while they filled, and not judged since. */
export async function listFilling(db: Tx): Promise<{ id: number; source: string; digestOn: string }[]> {
  const rows = await db.digest.findMany({
    where: { kind: 'filling' },
    select: { id: true, source: true, digestOn: true },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => ({ ...row, digestOn: dateOnly(row.digestOn) }));
}

/** Notes what became of a digest that filled; its state stays, since readers may have papers of it. */
export async function settleDigest(db: Tx, id: number, health: Health): Promise<void> {
  const { verdict, kind = null } = health;
  await db.digest.updateMany({ where: { id, kind: 'filling' }, data: { verdict, kind, ...toldOf(health) } });
}

function toldOf({ reasons, why }: Health): { reasons: string[]; said: Prisma.InputJsonArray } {
  return { reasons, said: why as unknown as Prisma.InputJsonArray };
}
