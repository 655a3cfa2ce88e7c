import type { KnownPaper } from '../../model/identity.ts';
import type { ParsedEntry } from '../../model/digest.ts';
import { newPublicId } from '../../lib/public-id.ts';
import type { Tx } from '../client.ts';
import { int4, text, textOf, texts } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { present } from '../../lib/present.ts';

/** What identifies papers: to look up, or to remember for a paper. */
export interface PaperKeys {
  arxivIds: string[];
  dois: string[];
  titleKeys: string[];
}

const papersKnownBy = query(
  'papers known by keys',
  { id: int4, authors: texts, kind: textOf<'arxiv' | 'doi' | 'title'>(), value: text },
  (given: { kinds: string[]; values: string[] }) => sql`
    WITH wanted AS (SELECT * FROM unnest(${given.kinds}::text[], ${given.values}::text[]) AS w(kind, value)),
    roots AS (
      SELECT DISTINCT COALESCE(p.merged_into_id, p.id) AS id
      FROM wanted w
      JOIN paper_identities i ON i.kind = w.kind::identity_kind AND i.value = w.value
      JOIN papers p ON p.id = i.paper_id)
    SELECT r.id, root.authors, i.kind::text AS kind, i.value
    FROM roots r
    JOIN papers root ON root.id = r.id
    JOIN papers p ON p.id = r.id OR p.merged_into_id = r.id
    JOIN paper_identities i ON i.paper_id = p.id
    ORDER BY r.id, i.kind, i.value COLLATE "C"`,
);

/** Loads every paper, as the root of its merges, that is known by any of the keys. */
export async function knownPapers(db: Tx, keys: PaperKeys): Promise<KnownPaper[]> {
  const { kinds, values } = pairs(keys);
  const rows = await papersKnownBy(db, { kinds, values });
  const papers = new Map<number, KnownPaper>();
  for (const row of rows) {
    const paper = papers.get(row.id) ?? { id: row.id, arxivIds: [], dois: [], titleKeys: [], authors: row.authors };
    const list = row.kind === 'arxiv' ? paper.arxivIds : row.kind === 'doi' ? paper.dois : paper.titleKeys;
    if (!list.includes(row.value)) list.push(row.value);
    papers.set(row.id, paper);
  }
  return [...papers.values()];
}

const listedBefore = query(
  'papers a source listed on other days',
  { id: int4 },
  (given: { source: string; digestOn: string; ids: number[] }) => sql`
    SELECT DISTINCT COALESCE(p.merged_into_id, p.id) AS id
    FROM papers p JOIN entries e ON e.paper_id = p.id JOIN digests d ON d.id = e.digest_id
    WHERE (p.id = ANY(${given.ids}::int[]) OR p.merged_into_id = ANY(${given.ids}::int[]))
      AND d.source = ${given.source} AND d.digest_on <> ${given.digestOn}::date`,
);

/** Tells which papers (roots of their merges) a source listed on other days than this one. */
export async function papersListedBefore(
  db: Tx,
  day: { source: string; digestOn: string },
  ids: number[],
): Promise<Set<number>> {
  const rows = ids.length > 0 ? await listedBefore(db, { ...day, ids }) : [];
  return new Set(rows.map(({ id }) => id));
}

/** What entries tell of papers, as paperColumns writes it. */
const TOLD = sql`
      title text, abstract text, authors text[], author_count int,
      organization_slug text, organization_name text, published_on date, arxiv_id text, url text, model_keywords text[]`;

const storePapers = query(
  'store papers',
  { id: int4, publicId: text },
  (given: { now: Date; rows: string }) => sql`
    INSERT INTO papers (public_id, title, abstract, authors, author_count, organization_slug, organization_name, published_on, arxiv_id, url, model_keywords, created_at)
    SELECT r.public_id, r.title, r.abstract, r.authors, r.author_count, r.organization_slug, r.organization_name, r.published_on, r.arxiv_id, r.url, r.model_keywords, ${given.now}
    FROM jsonb_to_recordset(${given.rows}::jsonb) AS r(public_id text, ${TOLD})
    RETURNING id, public_id AS "publicId"`,
);

/** Stores new papers as their first entries tell them; returns their ids, parallel to the entries. */
export async function insertPapers(db: Tx, entries: ParsedEntry[], now: Date): Promise<number[]> {
  if (entries.length === 0) return [];
  const rows = entries.map((entry) => ({ public_id: newPublicId(), ...paperColumns(entry) }));
  const stored = await storePapers(db, { now, rows: JSON.stringify(rows) });
  const ids = new Map(stored.map((row) => [row.publicId, row.id]));
  return rows.map((row) => present(ids.get(row.public_id), 'the id of a stored paper'));
}

const remember = command(
  'remember what papers are known by',
  (given: { kinds: string[]; values: string[]; ids: number[] }) => sql`
    INSERT INTO paper_identities (kind, value, paper_id)
    SELECT kind::identity_kind, value, paper_id
    FROM unnest(${given.kinds}::text[], ${given.values}::text[], ${given.ids}::int[]) AS i(kind, value, paper_id)
    WHERE NOT EXISTS (
      SELECT FROM paper_identities known JOIN papers p ON p.id = known.paper_id
      WHERE known.kind = i.kind::identity_kind AND known.value = i.value AND COALESCE(p.merged_into_id, p.id) = i.paper_id)
    ON CONFLICT DO NOTHING`,
);

/** Remembers what papers are known by; what is known already stays. */
export async function addIdentities(db: Tx, identities: { paperId: number; keys: PaperKeys }[]): Promise<void> {
  const all = identities.map(({ paperId, keys }) => ({ paperId, ...pairs(keys) }));
  const ids = all.flatMap(({ paperId, kinds }) => kinds.map(() => paperId));
  await remember(db, { kinds: all.flatMap((one) => one.kinds), values: all.flatMap((one) => one.values), ids });
}

const keepStanding = command(
  'keep the standing of merged papers',
  (given: { from: number; into: number }) => sql`
      UPDATE papers p SET arrived_at = LEAST(p.arrived_at, o.arrived_at), withheld_at = LEAST(p.withheld_at, o.withheld_at)
      FROM papers o WHERE p.id = ${given.into} AND o.id = ${given.from}`,
);

/**
 * Points papers at the work they turned out to be; nothing is deleted. A root keeps the earlier arrival, and is
 * withheld where either was.
 */
export async function mergePapers(db: Tx, merges: { from: number; into: number }[]): Promise<void> {
  for (const { from, into } of merges) {
    await db.paper.updateMany({ where: { OR: [{ id: from }, { mergedIntoId: from }] }, data: { mergedIntoId: into } });
    await keepStanding(db, { from, into });
  }
}

const fill = command(
  'fill papers',
  (given: { rows: string }) => sql`
    UPDATE papers p SET
      abstract = CASE WHEN p.abstract = '' THEN r.abstract ELSE p.abstract END,
      authors = CASE WHEN p.authors = '{}' THEN r.authors ELSE p.authors END,
      author_count = COALESCE(p.author_count, r.author_count),
      organization_slug = COALESCE(p.organization_slug, r.organization_slug),
      organization_name = CASE WHEN p.organization_slug IS NULL THEN r.organization_name ELSE p.organization_name END,
      published_on = COALESCE(p.published_on, r.published_on),
      arxiv_id = COALESCE(p.arxiv_id, r.arxiv_id),
      url = COALESCE(p.url, r.url),
      model_keywords = CASE WHEN p.model_keywords = '{}' THEN r.model_keywords ELSE p.model_keywords END,
      matcher_version = CASE
        WHEN (p.abstract = '' AND r.abstract <> '') OR (p.authors = '{}' AND r.authors <> '{}')
          OR (p.organization_slug IS NULL AND r.organization_slug IS NOT NULL)
          OR (p.model_keywords = '{}' AND r.model_keywords <> '{}') THEN NULL
        ELSE p.matcher_version END
    FROM jsonb_to_recordset(${given.rows}::jsonb) AS r(id int, ${TOLD})
    WHERE p.id = r.id`,
);

/**
 * Fills what stored papers lack from later entries; what they say already stays. A paper whose matching text grew is to
 * be matched again.
 */
export async function fillPapers(db: Tx, fills: { paperId: number; entry: ParsedEntry }[]): Promise<void> {
  if (fills.length === 0) return;
  const rows = fills.map(({ paperId, entry }) => ({ id: paperId, ...paperColumns(entry) }));
  await fill(db, { rows: JSON.stringify(rows) });
}

function paperColumns(entry: ParsedEntry) {
  return {
    title: entry.title,
    abstract: entry.abstract,
    authors: entry.authors,
    author_count: entry.authorCount,
    organization_slug: entry.organization?.slug ?? null,
    organization_name: entry.organization?.name ?? null,
    published_on: entry.publishedOn,
    arxiv_id: entry.arxivId,
    url: entry.url,
    model_keywords: entry.annotations?.modelKeywords ?? [],
  };
}

function pairs({ arxivIds, dois, titleKeys }: PaperKeys): { kinds: string[]; values: string[] } {
  const kinds = [...arxivIds.map(() => 'arxiv'), ...dois.map(() => 'doi'), ...titleKeys.map(() => 'title')];
  return { kinds, values: [...arxivIds, ...dois, ...titleKeys] };
}
