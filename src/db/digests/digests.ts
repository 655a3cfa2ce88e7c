import type { Said } from '../../lib/errors.ts';
import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { asDate, dateOnly, isDate } from '../../lib/time.ts';
import {
  USABLE_STATES,
  type DigestState,
  type Entry,
  type HealthKind,
  type HealthVerdict,
  type ParseWarning,
} from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { countEntries, loadDigestEntries } from './entries.ts';
import type { Prisma } from '../generated/client.ts';
import { isUsable } from './usable.ts';

/** One dated list, in short. */
export interface DigestSummary {
  id: number;
  source: string;
  digestOn: string;
  verdict: HealthVerdict;
  kind: HealthKind | null;
  reasons: string[];
  /** The reasons by name and values; null where that is not known. */
  why: Said[] | null;
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

const CURSOR = cursorOf('digests', 'date', 'text');

/** Lists digests, newest list day first and by source within a day; `states` and `source` narrow them. */
export async function listDigests(
  db: Tx,
  { states, source, ...wish }: PageWish & { states?: DigestState[]; source?: string | undefined } = { limit: 100 },
): Promise<Page<DigestSummary>> {
  const page = await readPage(
    CURSOR,
    wish,
    (key, take) =>
      db.digest.findMany({
        where: {
          ...(states && { state: { in: states } }),
          ...(source !== undefined && { source }),
          ...(key && { AND: behind(key) }),
        },
        orderBy: [{ digestOn: 'desc' }, { source: 'asc' }],
        take,
      }),
    ({ digestOn, source }) => [dateOnly(digestOn), source],
  );
  const ids = page.rows.map(({ id }) => id);
  const counts = await countEntries(db, ids);
  return { ...page, rows: page.rows.map((row) => toSummary({ ...row, _count: { entries: counts.get(row.id) ?? 0 } })) };
}

/** Finds a digest by its number, or by its source and list day («hf:2025-12-31»); null where there is none. */
export async function findDigestId(db: Tx, key: string): Promise<number | null> {
  const [, source = '', digestOn = ''] = /^([^:]{1,200}):(\d{4}-\d{2}-\d{2})$/.exec(key) ?? [];
  const number = /^\d{1,9}$/.test(key) ? Number(key) : null;
  if (number === null && !isDate(digestOn)) return null;
  const where = number === null ? { source, digestOn: asDate(digestOn) } : { id: number };
  return (await db.digest.findFirst({ where, select: { id: true } }))?.id ?? null;
}

/** What comes behind a digest; the first condition is for the index. */
function behind([day, source]: readonly [day: string, source: string]): Prisma.DigestWhereInput {
  const digestOn = asDate(day);
  return { digestOn: { lte: digestOn }, OR: [{ digestOn: { lt: digestOn } }, { source: { gt: source } }] };
}

const daysBeside = query(
  'list days beside a day',
  { earlier: orNull(text), later: orNull(text) },
  (given: { day: string }) => sql`
    SELECT (SELECT max(digest_on) FROM digests WHERE digest_on < ${given.day}::date)::text AS earlier,
      (SELECT min(digest_on) FROM digests WHERE digest_on > ${given.day}::date)::text AS later`,
);

/** Returns the list days next to a day, of whichever source and state; null where there is none. */
export async function neighbouringDays(db: Tx, day: string): Promise<{ earlier: string | null; later: string | null }> {
  const [found] = await daysBeside(db, { day });
  return found ?? { earlier: null, later: null };
}

/** Loads a digest with its entries, whatever its state; null where there is none. */
export async function loadDigestNumbered(db: Tx, id: number): Promise<DigestPage | null> {
  const row = await db.digest.findUnique({ where: { id }, include: { _count: { select: { entries: true } } } });
  if (!row) return null;
  const entries = await loadDigestEntries(db, [id]);
  const warnings = row.warnings as unknown as ParseWarning[];
  return { ...toSummary(row), warnings, entries: entries.get(id) ?? [] };
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

const newestShown = query(
  'newest day with entries',
  { day: orNull(text) },
  () => sql`
    SELECT max(digest_on)::text AS day FROM digests d
    WHERE ${isUsable('d')} AND EXISTS (SELECT FROM entries e WHERE e.digest_id = d.id)`,
);

/** Returns the newest list day that readers may see; null before the first. */
export async function newestDigestOn(db: Tx): Promise<string | null> {
  const [row] = await newestShown(db, {});
  return row?.day ?? null;
}

const newestOfOthers = query(
  'newest day of other sources',
  { day: text, source: text },
  (given: { sources: readonly string[] }) => sql`
    SELECT digest_on::text AS day, source FROM digests d
    WHERE ${isUsable('d')} AND source <> ALL(${given.sources}::text[])
      AND EXISTS (SELECT FROM entries e WHERE e.digest_id = d.id)
    ORDER BY digest_on DESC, source LIMIT 1`,
);

/** Returns the newest list that readers may see of any source but these; null where there is none. */
export async function newestDigestBeside(
  db: Tx,
  sources: readonly string[],
): Promise<{ day: string; source: string } | null> {
  const [row] = await newestOfOthers(db, { sources: [...sources] });
  return row ?? null;
}

type SummaryRow = Prisma.DigestGetPayload<{ include: { _count: { select: { entries: true } } } }>;

function toSummary(row: SummaryRow): DigestSummary {
  const { id, source, verdict, kind, reasons, said, state, arrivedAt } = row;
  const warningCount = Array.isArray(row.warnings) ? row.warnings.length : 0;
  const why = said as unknown as Said[] | null;
  const told = { verdict, kind, reasons, why, state, arrivedAt };
  return { id, source, digestOn: dateOnly(row.digestOn), ...told, entryCount: row._count.entries, warningCount };
}

/**
 * Returns the first list day on which a source had news (or nothing at all), null where it had none: what was known
 * when it came is older. And all of its list days since a day.
 */
export async function listDaysSince(
  db: Tx,
  source: string,
  from: string,
): Promise<{ first: string | null; days: Set<string> }> {
  const where = { source, digestOn: { gte: asDate(from) } };
  const since = await db.digest.findMany({ where, select: { digestOn: true } });
  const own: Prisma.DigestWhereInput = { OR: [{ entries: { some: { known: false } } }, { entries: { none: {} } }] };
  const { _min } = await db.digest.aggregate({ where: { source, ...own }, _min: { digestOn: true } });
  return {
    first: _min.digestOn && dateOnly(_min.digestOn),
    days: new Set(since.map(({ digestOn }) => dateOnly(digestOn))),
  };
}

/** Returns the newest list day of an accepted or released digest, YYYY-MM-DD; null where there is none. */
export async function newestListDay(db: Tx): Promise<string | null> {
  const { _max } = await db.digest.aggregate({
    where: { state: { in: [...USABLE_STATES] } },
    _max: { digestOn: true },
  });
  return _max.digestOn && dateOnly(_max.digestOn);
}
