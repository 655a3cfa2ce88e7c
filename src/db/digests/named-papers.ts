import { meantIds } from '../../lib/public-id.ts';
import type { DigestState, HealthVerdict } from '../../model/digest.ts';
import { arxivIdIn, bareArxivId, doiIn } from '../../model/reference.ts';
import type { Tx } from '../client.ts';
import { bool, enumOf, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A paper, in short; a merged one is its root. */
export interface NamedPaper {
  id: number;
  publicId: string;
  title: string;
  arrivedAt: Date | null;
  /** Since when an operator keeps it from readers. */
  withheldAt: Date | null;
  /** Its own id and those merged into it. */
  ids: number[];
}

/** Most papers that one name may mean. */
const MOST = 10;
const PAPER = { id: true, publicId: true, title: true, arrivedAt: true, withheldAt: true } as const;

/** Finds the papers that a text names: by the id of its page, an arXiv id or link, or a DOI. */
export async function findNamedPapers(db: Tx, named: string): Promise<NamedPaper[]> {
  const text = named.trim();
  const page = /^(?:.*\/papers\/)?([\w-]{1,80})\/?$/.exec(text)?.[1];
  const own = page === undefined ? [] : meantIds(page);
  const values = [
    { kind: 'arxiv' as const, value: bareArxivId(text) ?? arxivIdIn(text) },
    { kind: 'doi' as const, value: doiIn(text) },
  ].flatMap(({ kind, value }) => (value === null ? [] : [{ kind, value }]));
  if (own.length + values.length === 0) return [];
  const known = values.length > 0 ? await db.paperIdentity.findMany({ where: { OR: values }, take: MOST }) : [];
  const found = await db.paper.findMany({
    where: { OR: [{ publicId: { in: own } }, { id: { in: known.map(({ paperId }) => paperId) } }] },
    select: { ...PAPER, mergedInto: { select: PAPER } },
    take: MOST,
  });
  const roots = new Map(found.map(({ mergedInto, ...paper }) => [(mergedInto ?? paper).id, mergedInto ?? paper]));
  const merged = await db.paper.findMany({
    where: { mergedIntoId: { in: [...roots.keys()] } },
    select: { id: true, mergedIntoId: true },
  });
  return [...roots.values()].map((paper) => ({
    ...paper,
    ids: [paper.id, ...merged.filter(({ mergedIntoId }) => mergedIntoId === paper.id).map(({ id }) => id)],
  }));
}

/** A place of a paper in a list, and whether readers may get it from there. */
export interface PaperListing {
  source: string;
  digestOn: string;
  verdict: HealthVerdict;
  state: DigestState;
  /** Too old to be news there. */
  known: boolean;
}

const listingsOf = query(
  'lists that hold a paper',
  {
    source: text,
    digestOn: text,
    verdict: enumOf<HealthVerdict>('health_verdict'),
    state: enumOf<DigestState>('digest_state'),
    known: bool,
  },
  (given: { paperIds: readonly number[] }) => sql`
    SELECT d.source, d.digest_on::text AS "digestOn", d.verdict, d.state, e.known FROM entries e JOIN digests d ON d.id = e.digest_id
    WHERE e.paper_id = ANY(${given.paperIds}::int[]) ORDER BY d.digest_on DESC, d.source LIMIT 20`,
);

/** Lists where a paper stands, newest list day first. */
export async function listListings(db: Tx, paperIds: readonly number[]): Promise<PaperListing[]> {
  return listingsOf(db, { paperIds });
}

const newestIn = query(
  'newest list of some days',
  {
    source: text,
    digestOn: text,
    verdict: enumOf<HealthVerdict>('health_verdict'),
    state: enumOf<DigestState>('digest_state'),
  },
  (given: { from: string; to: string; by: Date }) => sql`
    SELECT d.source, d.digest_on::text AS "digestOn", d.verdict, d.state FROM digests d
    WHERE d.digest_on BETWEEN ${given.from}::date AND ${given.to}::date AND d.arrived_at <= ${given.by}
    ORDER BY d.digest_on DESC, d.source LIMIT 1`,
);

/** Finds the newest list of some days that had arrived by an instant, in whatever state; null where there is none. */
export async function findNewestList(
  db: Tx,
  given: { from: string; to: string; by: Date },
): Promise<Omit<PaperListing, 'known'> | null> {
  const [row] = await newestIn(db, given);
  return row ?? null;
}

/** Fewer characters have no trigram of their own. */
const LEAST_INSIDE = 3;

const byTitle = query(
  'papers by words of their title',
  { id: int4, publicId: text, title: text },
  (given: { words: string; most: number }) => sql`
    WITH found AS MATERIALIZED (
      SELECT id FROM papers WHERE to_tsvector('simple', title) @@ to_tsquery('simple', ${given.words}) AND merged_into_id IS NULL OFFSET 0)
    SELECT p.id, p.public_id AS "publicId", p.title FROM (SELECT id FROM found ORDER BY id DESC LIMIT ${given.most}) AS newest JOIN papers p ON p.id = newest.id
    ORDER BY p.id DESC`,
);

/**
 * Asked where there are trigrams to ask by: else each title would be read. What nearly every title holds is found among
 * the newest, the rest by the longest part.
 */
const byInside = query(
  'papers by parts of their title',
  { id: int4, publicId: text, title: text },
  (given: { longest: string; all: readonly string[]; most: number }) => sql`
    SELECT id, public_id AS "publicId", title FROM papers
    WHERE to_regclass('papers_title_inside') IS NOT NULL AND lower(title) LIKE ${given.longest} AND lower(title) LIKE ALL (${given.all}::text[])
      AND merged_into_id IS NULL
    ORDER BY id DESC LIMIT ${given.most}`,
);

/** Finds papers whose title holds every word, or one that begins so, else one that holds it; newest first. */
export async function findPapersByTitle(
  db: Tx,
  title: string,
  most: number,
): Promise<Pick<NamedPaper, 'id' | 'publicId' | 'title'>[]> {
  const words = title.match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? [];
  if (words.length === 0 || words.join('').length < 3) return [];
  const lower = words.map((word) => word.toLowerCase());
  const found = await byTitle(db, { words: lower.map((word) => `${word}:*`).join(' & '), most });
  const [longest = ''] = [...lower].sort((a, b) => b.length - a.length);
  if (found.length > 0 || longest.length < LEAST_INSIDE) return found;
  return byInside(db, { longest: `%${longest}%`, all: lower.map((word) => `%${word}%`), most });
}
