import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { loadEntries } from './entries.ts';
import type { Entry } from '../../model/digest.ts';
import { isUsable } from './usable.ts';

/** Most words of a query that are looked at. */
const MAX_WORDS = 8;

/** Papers found, and how many there are in all. */
export interface FoundPapers extends Page<Entry> {
  total: number;
}

const findPapers = query(
  'find papers',
  { id: int4, day: text, newestId: int4, total: int4 },
  (given: { patterns: string[]; day: string | null; id: number | null; newestId: number | null; most: number }) => sql`
    WITH newest AS (SELECT COALESCE(${given.newestId}::int, max(id), 0) AS id FROM entries),
    found AS (
      SELECT DISTINCT ON (COALESCE(p.merged_into_id, p.id)) e.id, d.digest_on
      FROM entries e JOIN digests d ON d.id = e.digest_id JOIN papers p ON p.id = e.paper_id
      WHERE ${isUsable('d')} AND e.id <= (SELECT id FROM newest)
        AND lower(concat_ws(' ', e.title, e.abstract, array_to_string(e.authors, ' '), e.organization_name)) LIKE ALL (${given.patterns}::text[])
      ORDER BY COALESCE(p.merged_into_id, p.id), d.digest_on DESC, e.id DESC)
    SELECT id, digest_on::text AS day, (SELECT id FROM newest) AS "newestId", (SELECT count(*)::int FROM found) AS total
    FROM found WHERE ${given.day}::date IS NULL OR digest_on < ${given.day}::date OR (digest_on = ${given.day}::date AND id > ${given.id}::int)
    ORDER BY digest_on DESC, id LIMIT ${given.most}`,
);

type FoundRow = Awaited<ReturnType<typeof findPapers>>[number];

/** List day and entry of the last row, and the newest entry there was when the search began. */
const CURSOR = cursorOf('papers found', 'date', 'number', 'number');

/**
 * Finds papers that readers may see whose title, abstract, authors or organisation hold every word, newest list day
 * first; each as its newest entry. Further pages look at what was there for the first one: a paper that is listed again
 * meanwhile keeps its place.
 */
export async function searchPapers(db: Tx, query: string, wish: PageWish): Promise<FoundPapers> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return { rows: [], next: null, total: 0 };
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const page = await readPage(
    CURSOR,
    wish,
    (key, most) => readFound(db, patterns, key, most),
    ({ day, id, newestId }) => [day, id, newestId],
  );
  const entries = await loadEntries(
    db,
    page.rows.map(({ id }) => id),
  );
  const rows = page.rows.flatMap(({ id }) => entries.get(id) ?? []);
  return { rows, next: page.next, total: page.rows[0]?.total ?? 0 };
}

function readFound(
  db: Tx,
  patterns: string[],
  key: [day: string, id: number, newestId: number] | null,
  most: number,
): Promise<FoundRow[]> {
  const [day, id, newestId] = key ?? [null, null, null];
  return findPapers(db, { patterns, day, id, newestId, most });
}
