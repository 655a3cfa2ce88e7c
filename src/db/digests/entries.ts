import type { CandidateEntry, Entry, ParsedEntry } from '../../model/digest.ts';
import { organizationOf } from '../../model/paper.ts';
import type { Tx } from '../client.ts';
import { filled, instant, int4, orNull, text, texts, type Row } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { isUsable } from './usable.ts';

/** Columns of an Entry; `e` is the entry, `d` its digest, `p` its paper. */
const ENTRY_COLUMNS = sql`
  e.id, e.paper_id AS "paperId", p.public_id AS "paperPublicId", e.position, e.title, e.abstract, e.authors, e.author_count AS "authorCount",
  e.organization_slug AS slug, e.organization_name AS name, e.published_on::text AS "publishedOn", e.upvotes, e.comments,
  e.url, e.code_url AS "codeUrl", e.stars, e.discussion_url AS "discussionUrl", d.source, d.digest_on::text AS "digestOn"`;

const ENTRY = {
  id: int4,
  paperId: int4,
  paperPublicId: text,
  position: int4,
  title: text,
  abstract: text,
  authors: texts,
  authorCount: orNull(int4),
  slug: orNull(text),
  name: orNull(text),
  publishedOn: orNull(text),
  upvotes: orNull(int4),
  comments: orNull(int4),
  url: orNull(text),
  codeUrl: orNull(text),
  stars: orNull(int4),
  discussionUrl: orNull(text),
  source: text,
  digestOn: text,
};

const store = query(
  'store entries',
  { added: int4 },
  (given: { digestId: number; rows: string }) => sql`
    WITH stored AS (
      INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, author_count, organization_slug, organization_name,
        published_on, upvotes, first_upvotes, comments, url, code_url, stars, discussion_url, known,
        project_url, media_urls, model_keywords, model_summary)
      SELECT ${given.digestId}, r.paper_id, r.position, r.title, r.abstract, r.authors, r.author_count, r.organization_slug, r.organization_name,
        r.published_on, r.upvotes, r.upvotes, r.comments, r.url, r.code_url, r.stars, r.discussion_url, r.known,
        r.project_url, r.media_urls, r.model_keywords, r.model_summary
      FROM jsonb_to_recordset(${given.rows}::jsonb) AS r(paper_id int, position int, title text, abstract text, authors text[], author_count int,
        organization_slug text, organization_name text, published_on date, upvotes int, comments int, url text, code_url text, stars int,
        discussion_url text, known boolean, project_url text, media_urls text[], model_keywords text[], model_summary text)
      ORDER BY r.position
      ON CONFLICT (digest_id, paper_id) DO UPDATE SET position = EXCLUDED.position,
        upvotes = COALESCE(EXCLUDED.upvotes, entries.upvotes), first_upvotes = COALESCE(entries.first_upvotes, EXCLUDED.upvotes),
        comments = COALESCE(EXCLUDED.comments, entries.comments), project_url = COALESCE(entries.project_url, EXCLUDED.project_url),
        media_urls = CASE WHEN entries.media_urls = '{}' THEN EXCLUDED.media_urls ELSE entries.media_urls END,
        model_keywords = CASE WHEN entries.model_keywords = '{}' THEN EXCLUDED.model_keywords ELSE entries.model_keywords END,
        model_summary = COALESCE(entries.model_summary, EXCLUDED.model_summary)
      RETURNING xmax = 0 AS new)
    SELECT count(*) FILTER (WHERE new)::int AS added FROM stored`,
);

/**
 * Stores a digest's entries. For a paper that the digest holds already only position, upvotes and comments follow the
 * new capture, and what the source adds fills up; the text, the stars and the first upvotes never change. Entries the
 * new capture lacks keep their order behind it. What is known from before never brings its paper to readers. Returns
 * how many are new.
 */
export async function storeEntries(
  db: Tx,
  digestId: number,
  entries: { paperId: number; entry: ParsedEntry; known?: boolean }[],
): Promise<number> {
  const rows = entries.map(({ paperId, entry, known = false }) => ({
    ...entry,
    known,
    paper_id: paperId,
    author_count: entry.authorCount,
    organization_slug: entry.organization?.slug ?? null,
    organization_name: entry.organization?.name ?? null,
    published_on: entry.publishedOn,
    code_url: entry.codeUrl,
    discussion_url: entry.discussionUrl,
    project_url: entry.annotations?.projectUrl ?? null,
    media_urls: entry.annotations?.mediaUrls ?? [],
    model_keywords: entry.annotations?.modelKeywords ?? [],
    model_summary: entry.annotations?.modelSummary ?? null,
  }));
  const [counted] = await store(db, { digestId, rows: JSON.stringify(rows) });
  await pushBack(db, digestId, entries);
  return counted?.added ?? 0;
}

/**
 * Drops the entries of a digest that was held until now: no reader has seen them, and a later capture tells the day
 * anew. Papers stay.
 */
export async function dropEntries(db: Tx, digestId: number): Promise<void> {
  await db.entry.deleteMany({ where: { digestId } });
}

const entriesById = query(
  'entries by id',
  ENTRY,
  (given: { ids: number[] }) => sql`
    SELECT ${ENTRY_COLUMNS} FROM entries e JOIN digests d ON d.id = e.digest_id JOIN papers p ON p.id = e.paper_id
    WHERE e.id = ANY(${given.ids}::int[])`,
);

/** Loads entries by id, as their digests said them. */
export async function loadEntries(db: Tx, ids: number[]): Promise<Map<number, Entry>> {
  const rows = await entriesById(db, { ids });
  return new Map(rows.map((row) => [row.id, toEntry(row)]));
}

const entriesOfDigests = query(
  'entries of digests',
  { ...ENTRY, digestId: int4 },
  (given: { digestIds: number[] }) => sql`
    SELECT e.digest_id AS "digestId", ${ENTRY_COLUMNS} FROM entries e JOIN digests d ON d.id = e.digest_id JOIN papers p ON p.id = e.paper_id
    WHERE e.digest_id = ANY(${given.digestIds}::int[])
    ORDER BY e.position, e.id`,
);

/** Loads the entries of digests in list order. */
export async function loadDigestEntries(db: Tx, digestIds: number[]): Promise<Map<number, Entry[]>> {
  const rows = await entriesOfDigests(db, { digestIds });
  const lists = new Map<number, Entry[]>(digestIds.map((id) => [id, []]));
  for (const { digestId, ...row } of rows) lists.get(digestId)?.push(toEntry(row));
  return lists;
}

const candidates = query(
  'candidates of an edition',
  { ...ENTRY, rootId: int4, rootPublicId: text, arrivedAt: filled(instant) },
  (given: { from: string; to: string }) => sql`
    SELECT DISTINCT ON (root.id) ${ENTRY_COLUMNS}, root.id AS "rootId", root.public_id AS "rootPublicId", root.arrived_at AS "arrivedAt"
    FROM digests d
    JOIN entries e ON e.digest_id = d.id
    JOIN papers p ON p.id = e.paper_id
    JOIN papers root ON root.id = COALESCE(p.merged_into_id, p.id)
    WHERE ${isUsable('d')} AND d.digest_on BETWEEN ${given.from}::date AND ${given.to}::date AND root.arrived_at IS NOT NULL
      AND root.withheld_at IS NULL
    ORDER BY root.id, d.digest_on DESC, (e.abstract = ''), e.upvotes DESC NULLS LAST, e.id DESC`,
);

/**
 * Lists what an edition may draw on: of every paper (merged ones as their root, by its ids) the newest entry of an
 * accepted or released digest whose list day lies in the range, both ends included; the best filled one where several
 * share the day. Papers that are withheld are left out. Ordered by paper.
 */
export async function listCandidateEntries(db: Tx, range: { from: string; to: string }): Promise<CandidateEntry[]> {
  const rows = await candidates(db, { from: range.from, to: range.to });
  return rows.map(({ rootId, rootPublicId, arrivedAt, ...row }) => ({
    ...toEntry(row),
    paperId: rootId,
    paperPublicId: rootPublicId,
    arrivedAt,
  }));
}

const moveBack = command(
  'move entries back',
  (given: { last: number; digestId: number; paperIds: number[] }) => sql`
    UPDATE entries e SET position = ${given.last}::int + o.place
    FROM (SELECT id, row_number() OVER (ORDER BY position, id)::int AS place FROM entries
          WHERE digest_id = ${given.digestId} AND NOT paper_id = ANY(${given.paperIds}::int[])) o
    WHERE o.id = e.id`,
);

async function pushBack(db: Tx, digestId: number, entries: { paperId: number; entry: ParsedEntry }[]): Promise<void> {
  const last = entries.reduce((highest, { entry }) => Math.max(highest, entry.position), 0);
  await moveBack(db, { last, digestId, paperIds: entries.map(({ paperId }) => paperId) });
}

function toEntry({ slug, name, ...row }: Row<typeof ENTRY>): Entry {
  return { ...row, organization: organizationOf(slug, name) };
}

/** Counts the entries of some digests, by digest; beside their rows Prisma would count those of all. */
export async function countEntries(db: Tx, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.entry.groupBy({ by: ['digestId'], where: { digestId: { in: [...ids] } }, _count: true });
  return new Map(rows.map(({ digestId, _count }) => [digestId, _count]));
}
