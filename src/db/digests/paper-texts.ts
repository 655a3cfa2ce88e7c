import { meantIds } from '../../lib/public-id.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { isUsable } from './usable.ts';

/** Finds a paper by the id that links carry. */
export async function findPaperTitle(db: Tx, publicId: string): Promise<{ id: number; title: string } | null> {
  return db.paper.findFirst({ where: { publicId: { in: meantIds(publicId) } }, select: { id: true, title: true } });
}

/** What a paper says, and the newest entry that readers could see it by. */
export interface ReactedText {
  title: string;
  abstract: string;
  /** Null where every list that held it was discarded. */
  entryId: number | null;
}

const textsOfPapers = query(
  'texts of papers',
  { id: int4, title: text, abstract: text, entryId: orNull(int4) },
  (given: { ids: readonly number[] }) => sql`
    SELECT p.id, p.title, p.abstract, (
      SELECT max(e.id) FROM entries e JOIN digests d ON d.id = e.digest_id
      WHERE e.paper_id = p.id AND ${isUsable('d')}) AS "entryId"
    FROM papers p WHERE p.id = ANY(${given.ids}::int[])`,
);

/** Returns the texts of papers by id. */
export async function loadPaperTexts(db: Tx, ids: readonly number[]): Promise<Map<number, ReactedText>> {
  const rows = await textsOfPapers(db, { ids: [...ids] });
  return new Map(rows.map(({ id, ...text }) => [id, text]));
}
