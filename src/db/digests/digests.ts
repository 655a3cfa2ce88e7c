import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { asDate, dateOnly } from '../../lib/time.ts';
import {
  initialDigestState,
  type DigestState,
  type Entry,
  type Health,
  type HealthVerdict,
  type ParseWarning,
} from '../../model/digest.ts';
import { titleKey } from '../../model/paper.ts';
import type { Tx } from '../client.ts';
import { loadDigestEntries } from './entries.ts';
import type { Prisma } from '../generated/client.ts';
import { isUsable } from './usable.ts';

/** One dated list, in short. */
export interface DigestSummary {
  id: number;
  source: string;
  digestOn: string;
  verdict: HealthVerdict;
  reasons: string[];
  state: DigestState;
  arrivedAt: Date;
  entryCount: number;
  warningCount: number;
}

/** One dated list with its entries in order. */
export interface DigestPage extends DigestSummary {
  warnings: ParseWarning[];
  entries: Entry[];
}

/** A digest as it is stored, for judging another one of its source. */
export interface StoredDigest {
  id: number;
  digestOn: string;
  titleKeys: string[];
  trusted: boolean;
}

/** How many list days around a new one tell a source's habits: three months of weekdays. */
const REMEMBERED_DIGESTS = 65;

const CURSOR = cursorOf('digests', 'date', 'text');

/** Lists digests, newest list day first and by source within a day; `states` narrows them. */
export async function listDigests(
  db: Tx,
  { states, ...wish }: PageWish & { states?: DigestState[] } = { limit: 100 },
): Promise<Page<DigestSummary>> {
  const page = await readPage(
    CURSOR,
    wish,
    (key, take) =>
      db.digest.findMany({
        where: { ...(states ? { state: { in: states } } : {}), ...(key ? behind(key) : {}) },
        include: { _count: { select: { entries: true } } },
        orderBy: [{ digestOn: 'desc' }, { source: 'asc' }],
        take,
      }),
    ({ digestOn, source }) => [dateOnly(digestOn), source],
  );
  return { ...page, rows: page.rows.map(toSummary) };
}

/** What comes behind a digest; the first condition is for the index. */
function behind([day, source]: readonly [day: string, source: string]): Prisma.DigestWhereInput {
  const digestOn = asDate(day);
  return { digestOn: { lte: digestOn }, OR: [{ digestOn: { lt: digestOn } }, { source: { gt: source } }] };
}

/** Returns the list days next to a day, of whichever source and state; null where there is none. */
export async function neighbouringDays(db: Tx, day: string): Promise<{ earlier: string | null; later: string | null }> {
  const [found] = await db.$queryRaw<[{ earlier: string | null; later: string | null }]>`
    SELECT (SELECT max(digest_on) FROM digests WHERE digest_on < ${day}::date)::text AS earlier,
      (SELECT min(digest_on) FROM digests WHERE digest_on > ${day}::date)::text AS later`;
  return found;
}

/** Loads all sources' lists of a day with their entries, by source; empty where no list bears that day. */
export async function loadDigest(db: Tx, digestOn: string): Promise<DigestPage[]> {
  const rows = await db.digest.findMany({
    where: { digestOn: asDate(digestOn) },
    include: { _count: { select: { entries: true } } },
    orderBy: { source: 'asc' },
  });
  const entries = await loadDigestEntries(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    ...toSummary(row),
    warnings: row.warnings as unknown as ParseWarning[],
    entries: entries.get(row.id) ?? [],
  }));
}

/** Returns the newest list day that readers may see; null before the first. */
export async function newestDigestOn(db: Tx): Promise<string | null> {
  const [row] = await db.$queryRaw<{ day: string | null }[]>`
    SELECT max(digest_on)::text AS day FROM digests d
    WHERE ${isUsable('d')} AND EXISTS (SELECT FROM entries e WHERE e.digest_id = d.id)`;
  return row?.day ?? null;
}

/** Loads the newest digests of a source up to a list day, discarded ones left out, with the keys of their titles. */
export async function digestHistory(db: Tx, source: string, latestOn = '9999-12-31'): Promise<StoredDigest[]> {
  const rows = await db.digest.findMany({
    where: { source, state: { not: 'discarded' }, digestOn: { lte: asDate(latestOn) } },
    select: { id: true, digestOn: true, state: true, entries: { select: { title: true } } },
    orderBy: { digestOn: 'desc' },
    take: REMEMBERED_DIGESTS,
  });
  return rows.map(({ id, digestOn, state, entries }) => ({
    id,
    digestOn: dateOnly(digestOn),
    titleKeys: entries.map(({ title }) => titleKey(title)),
    trusted: state !== 'held',
  }));
}

/**
 * Where a digest went. replaced: it was held until now, so that nobody has seen its entries · kept: a capture that looks wrong came after one that
 * looked right, which stays as it was.
 */
export interface SavedDigest {
  id: number;
  state: DigestState;
  outcome: 'stored' | 'refreshed' | 'replaced' | 'kept';
}

/**
 * Stores the one digest of a source and list day, or refreshes it from a later capture: a held one may become accepted, never the other way round,
 * and what an admin released or discarded stays so.
 */
export async function saveDigest(
  db: Tx,
  digest: { source: string; digestOn: string; captureId: number; health: Health; warnings: ParseWarning[] },
  now: Date,
): Promise<SavedDigest> {
  const { source, digestOn, captureId, health } = digest;
  const state = initialDigestState(health.verdict);
  const values = {
    verdict: health.verdict,
    reasons: health.reasons,
    warnings: digest.warnings as unknown as Prisma.InputJsonValue,
  };
  const key = { source, digestOn: asDate(digestOn) };
  const [before] = await db.$queryRaw<{ id: number; state: DigestState }[]>`
    SELECT id, state::text AS state FROM digests WHERE source = ${source} AND digest_on = ${digestOn}::date FOR UPDATE`;
  if (!before) {
    const data = { ...key, captureId, state, arrivedAt: now, ...values };
    const { id } = await db.digest.create({ data, select: { id: true } });
    return { id, state, outcome: 'stored' };
  }
  if (before.state === 'accepted' && state === 'held') return { ...before, outcome: 'kept' };
  const next = before.state === 'held' ? state : before.state;
  await db.digest.update({ where: { id: before.id }, data: { captureId, state: next, ...values } });
  return { id: before.id, state: next, outcome: before.state === 'held' ? 'replaced' : 'refreshed' };
}

/** Lets a held digest feed newsletters; its papers arrive now. Returns false where it is not held. */
export async function releaseDigest(db: Tx, id: number, now: Date): Promise<boolean> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    WITH released AS (UPDATE digests SET state = 'released' WHERE id = ${id} AND state = 'held' RETURNING id),
    arrived AS (
      UPDATE papers SET arrived_at = ${now}
      WHERE arrived_at IS NULL AND id IN (
        SELECT COALESCE(p.merged_into_id, p.id) FROM released r JOIN entries e ON e.digest_id = r.id JOIN papers p ON p.id = e.paper_id))
    SELECT id FROM released`;
  return rows.length > 0;
}

/** Keeps a digest out of newsletters for good; papers that no other usable digest holds count as not arrived. Returns false where it is discarded already or unknown. */
export async function discardDigest(db: Tx, id: number): Promise<boolean> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    WITH discarded AS (UPDATE digests SET state = 'discarded' WHERE id = ${id} AND state <> 'discarded' RETURNING id),
    gone AS (
      UPDATE papers SET arrived_at = NULL
      WHERE id IN (
          SELECT COALESCE(p.merged_into_id, p.id) FROM discarded x JOIN entries e ON e.digest_id = x.id JOIN papers p ON p.id = e.paper_id)
        AND NOT EXISTS (
          SELECT FROM papers part JOIN entries e ON e.paper_id = part.id JOIN digests d ON d.id = e.digest_id
          WHERE (part.id = papers.id OR part.merged_into_id = papers.id) AND d.id <> ${id} AND ${isUsable('d')}))
    SELECT id FROM discarded`;
  return rows.length > 0;
}

/**
 * Notes that the papers of a digest that readers may see have arrived, where they had not before: now, or on its list day where a newer
 * list of its source (of `latestOn` at most: a day that has come) came first, since a backfill is no news. Returns how many.
 */
export async function markArrived(db: Tx, digestId: number, now: Date, latestOn: string): Promise<number> {
  return db.$executeRaw`
    UPDATE papers SET arrived_at = (
      SELECT CASE WHEN EXISTS (
          SELECT FROM digests newer WHERE newer.source = d.source AND newer.digest_on > d.digest_on AND newer.digest_on <= ${latestOn}::date AND ${isUsable('newer')})
        THEN least(d.digest_on::timestamp AT TIME ZONE 'UTC', ${now}::timestamptz) ELSE ${now}::timestamptz END
      FROM digests d WHERE d.id = ${digestId})
    WHERE arrived_at IS NULL
      AND id IN (SELECT COALESCE(p.merged_into_id, p.id) FROM entries e JOIN papers p ON p.id = e.paper_id WHERE e.digest_id = ${digestId})`;
}

type SummaryRow = Prisma.DigestGetPayload<{ include: { _count: { select: { entries: true } } } }>;

function toSummary(row: SummaryRow): DigestSummary {
  const { id, source, verdict, reasons, state, arrivedAt } = row;
  const warningCount = Array.isArray(row.warnings) ? row.warnings.length : 0;
  return {
    id,
    source,
    digestOn: dateOnly(row.digestOn),
    verdict,
    reasons,
    state,
    arrivedAt,
    entryCount: row._count.entries,
    warningCount,
  };
}

/** Returns the newest list day of an accepted or released digest, YYYY-MM-DD; null where there is none. */
export async function newestListDay(db: Tx): Promise<string | null> {
  const rows = await db.$queryRaw<{ day: string | null }[]>`
    SELECT max(digest_on)::text AS day FROM digests d WHERE ${isUsable('d')}`;
  return rows[0]?.day ?? null;
}
