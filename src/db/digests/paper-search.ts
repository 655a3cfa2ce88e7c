import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { loadEntries } from './entries.ts';
import type { Entry } from '../../model/digest.ts';
import { isUsable } from './usable.ts';

/** Papers found, and how many there are in all. */
export interface FoundPapers extends Page<Entry> {
  total: number;
}

/** What stands between words, as far as it is ASCII or common in English print. */
const BETWEEN = '-/()[]{}:;,."\'`$_^\\|<>!?*+=~&%#@–—“”„‘’…«»';

/** A search, as the statement wants it. */
interface Asked {
  /** What each word looks like anywhere in a text, and where a word begins. */
  patterns: string[];
  starts: string[];
  /** Each word and the one behind it, as they stand in a text whose words are set apart by spaces. */
  firsts: string[];
  seconds: string[];
  /** Capitals beyond ASCII that the words may be written with, and what they become, whatever the locale knows. */
  capitals: string;
  smalls: string;
}

interface FoundKey {
  tier: number | null;
  apart: number | null;
  day: string | null;
  id: number | null;
  newestId: number | null;
}

/**
 * `tier` 0: all words begin words of the title; 1: words anywhere; 2: some stand inside a word. `apart` sums up how
 * near each two words that follow each other come: side by side but for an ending (4 characters between them), in a
 * clause (60), in a sentence (250), or not.
 */
const findPapers = query(
  'find papers',
  {
    id: orNull(int4),
    tier: orNull(int4),
    apart: orNull(int4),
    day: orNull(text),
    newestId: int4,
    total: int4,
  },
  (given: Asked & FoundKey & { most: number }) => sql`
    WITH newest AS (SELECT COALESCE(${given.newestId}::int, max(id), 0) AS id FROM entries),
    found AS (
      SELECT DISTINCT ON (COALESCE(p.merged_into_id, p.id)) e.id, e.title, d.digest_on, t.words
      FROM entries e JOIN digests d ON d.id = e.digest_id JOIN papers p ON p.id = e.paper_id
      CROSS JOIN LATERAL (SELECT translate(lower(concat_ws(' ', e.title, e.abstract, array_to_string(e.authors, ' '), e.organization_name)),
        ${given.capitals}, ${given.smalls}) AS words) t
      WHERE ${isUsable('d')} AND e.id <= (SELECT id FROM newest) AND t.words LIKE ALL (${given.patterns}::text[])
      ORDER BY COALESCE(p.merged_into_id, p.id), d.digest_on DESC, e.id DESC),
    ranked AS (
      SELECT f.id, f.digest_on, CASE WHEN t.title LIKE ALL (${given.starts}::text[]) THEN 0 WHEN t.words LIKE ALL (${given.starts}::text[]) THEN 1 ELSE 2 END AS tier,
        COALESCE((
          SELECT sum(CASE WHEN g.gap <= 4 THEN 0 WHEN g.gap <= 60 THEN 1 WHEN g.gap <= 250 THEN 2 ELSE 3 END)
          FROM unnest(${given.firsts}::text[], ${given.seconds}::text[]) AS pair(a, b)
          CROSS JOIN LATERAL (SELECT string_to_array(t.words, pair.a) AS parts) s
          CROSS JOIN LATERAL (
            SELECT min(LEAST(CASE WHEN n > 1 THEN nullif(strpos(part, pair.b), 0) - 1 END,
              CASE WHEN n < cardinality(s.parts) THEN nullif(strpos(reverse(part), reverse(pair.b)), 0) - 1 END)) AS gap
            FROM unnest(s.parts) WITH ORDINALITY AS piece(part, n)) g), 0)::int AS apart
      FROM found f
      CROSS JOIN LATERAL (SELECT ' ' || translate(f.words, ${BETWEEN}, ${' '.repeat(BETWEEN.length)}) AS words,
        ' ' || translate(translate(lower(f.title), ${given.capitals}, ${given.smalls}), ${BETWEEN}, ${' '.repeat(BETWEEN.length)}) AS title) t),
    page AS (
      SELECT * FROM ranked WHERE ${given.day}::date IS NULL OR tier > ${given.tier}::int OR (tier = ${given.tier}::int AND (apart > ${given.apart}::int
        OR (apart = ${given.apart}::int AND (digest_on < ${given.day}::date OR (digest_on = ${given.day}::date AND id > ${given.id}::int)))))
      ORDER BY tier, apart, digest_on DESC, id LIMIT ${given.most})
    SELECT page.id, tier, apart, digest_on::text AS day, newest.id AS "newestId", (SELECT count(*)::int FROM found) AS total
    FROM newest LEFT JOIN page ON true ORDER BY tier, apart, digest_on DESC, page.id`,
);

/** Where the last row stands in the order of the search, and the newest entry there was when the search began. */
const CURSOR = cursorOf('papers found', 'number', 'number', 'date', 'number', 'number');

/**
 * Finds papers that readers may see whose title, abstract, authors or organisation hold every word: those with all of
 * them in the title first, then those that have them near each other, newest list day first; each as its newest entry.
 * Further pages look at what was there for the first one: a paper that is listed again meanwhile keeps its place.
 */
export async function searchPapers(db: Tx, query: string, wish: PageWish): Promise<FoundPapers> {
  const asked = askedIn(query);
  if (asked.patterns.length === 0) return { rows: [], next: null, total: 0 };
  let total = 0;
  const page = await readPage(
    CURSOR,
    wish,
    async (key, most) => {
      const [tier, apart, day, id, newestId] = key ?? [null, null, null, null, null];
      const rows = await findPapers(db, { ...asked, tier, apart, day, id, newestId, most });
      total = rows[0]?.total ?? 0;
      return rows.flatMap(({ id, tier, apart, day, newestId }) =>
        id === null || tier === null || apart === null || day === null ? [] : [{ id, tier, apart, day, newestId }],
      );
    },
    ({ tier, apart, day, id, newestId }) => [tier, apart, day, id, newestId],
  );
  const entries = await loadEntries(
    db,
    page.rows.map(({ id }) => id),
  );
  const rows = page.rows.flatMap(({ id }) => entries.get(id) ?? []);
  return { rows, next: page.next, total };
}

function askedIn(query: string): Asked {
  const words = [...new Set(query.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean))];
  const spaced = words.map(
    (word) =>
      ` ${[...word]
        .map((sign) => (BETWEEN.includes(sign) ? ' ' : sign))
        .join('')
        .trim()}`,
  );
  const letters = [...new Set(words.join(''))].filter((sign) => sign > '\u007f');
  const folded = letters
    .map((small) => [small.toUpperCase(), small] as const)
    .filter(([capital, small]) => capital !== small && [...capital].length === 1);
  return {
    patterns: words.map((word) => `%${literally(word)}%`),
    starts: spaced.map((word) => `%${literally(word)}%`),
    firsts: spaced.slice(0, -1),
    seconds: spaced.slice(1),
    capitals: folded.map(([capital]) => capital).join(''),
    smalls: folded.map(([, small]) => small).join(''),
  };
}

function literally(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}
