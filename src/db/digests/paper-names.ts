import type { PaperName } from '../../model/fact.ts';
import type { Tx } from '../client.ts';
import { int4, text, texts } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { addIdentities, knownPapers } from './papers.ts';

const names = query(
  'what papers are known by',
  { id: int4, publicId: text, title: text, arxivIds: texts, dois: texts, titleKeys: texts },
  (given: { ids: readonly number[] }) => sql`
    SELECT p.id, root.public_id AS "publicId", root.title,
      coalesce(array_agg(DISTINCT i.value) FILTER (WHERE i.kind = 'arxiv'), '{}') AS "arxivIds",
      coalesce(array_agg(DISTINCT i.value) FILTER (WHERE i.kind = 'doi'), '{}') AS dois,
      coalesce(array_agg(DISTINCT i.value) FILTER (WHERE i.kind = 'title'), '{}') AS "titleKeys"
    FROM papers p JOIN papers root ON root.id = coalesce(p.merged_into_id, p.id)
    LEFT JOIN papers one ON one.id = root.id OR one.merged_into_id = root.id
    LEFT JOIN paper_identities i ON i.paper_id = one.id
    WHERE p.id = ANY(${given.ids}::int[]) GROUP BY p.id, root.public_id, root.title`,
);

/** Returns what papers are known by, those of their merges included, by the number that was asked for. */
export async function loadPaperNames(db: Tx, ids: readonly number[]): Promise<Map<number, PaperName>> {
  const rows = await names(db, { ids: [...ids] });
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

const keepEarlier = command(
  'papers were known earlier',
  (given: { ids: number[]; at: Date }) => sql`
    UPDATE papers SET created_at = ${given.at} WHERE id = ANY(${given.ids}::int[]) AND created_at > ${given.at}`,
);

/**
 * Finds the paper of a name, or makes one that no list holds yet: the list that brings it again finds it by the same
 * name. It was known by an instant, when somebody was shown it. Returns its number, and whether it was made.
 */
export async function paperOfName(db: Tx, name: PaperName, at: Date): Promise<{ id: number; made: boolean }> {
  const { arxivIds, dois, titleKeys } = name;
  const byIds = arxivIds.length + dois.length > 0 ? await knownPapers(db, { arxivIds, dois, titleKeys: [] }) : [];
  const found = byIds.length > 0 ? byIds : await titled(db, name);
  const [known] = found;
  if (known) {
    await keepEarlier(db, { ids: [known.id], at });
    return { id: known.id, made: false };
  }
  const id = await makePaper(db, name, at);
  await addIdentities(db, [{ paperId: id, keys: { arxivIds, dois, titleKeys } }]);
  return { id, made: true };
}

/** A title alone tells where one paper has it, and neither has an id that the other lacks. */
async function titled(db: Tx, { arxivIds, dois, titleKeys }: PaperName) {
  const found = titleKeys.length > 0 ? await knownPapers(db, { arxivIds: [], dois: [], titleKeys }) : [];
  const free = found.filter(
    (one) => !(arxivIds.length > 0 && one.arxivIds.length > 0) && !(dois.length > 0 && one.dois.length > 0),
  );
  return free.length === 1 ? free : [];
}

async function makePaper(db: Tx, { publicId, title, arxivIds }: PaperName, at: Date): Promise<number> {
  const isTaken = await db.paper.findUnique({ where: { publicId }, select: { id: true } });
  if (isTaken) return isTaken.id;
  const data = { publicId, title, abstract: '', authors: [], arxivId: arxivIds[0] ?? null, createdAt: at };
  return (await db.paper.create({ data, select: { id: true } })).id;
}
