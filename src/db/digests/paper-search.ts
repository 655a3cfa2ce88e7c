import type { Tx } from '../client.ts';
import { loadEntries } from './entries.ts';
import type { Entry } from '../../model/digest.ts';
import { isUsable } from './usable.ts';

/** Most words of a query that are looked at. */
const MAX_WORDS = 8;

/** Finds papers that readers may see whose title, abstract, authors or organisation hold every word, newest list day first; each as its newest entry. */
export async function searchPapers(db: Tx, query: string, limit: number): Promise<Entry[]> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return [];
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT id FROM (
      SELECT DISTINCT ON (COALESCE(p.merged_into_id, p.id)) e.id, d.digest_on
      FROM entries e JOIN digests d ON d.id = e.digest_id JOIN papers p ON p.id = e.paper_id
      WHERE ${isUsable('d')}
        AND lower(concat_ws(' ', e.title, e.abstract, array_to_string(e.authors, ' '), e.organization_name)) LIKE ALL (${patterns}::text[])
      ORDER BY COALESCE(p.merged_into_id, p.id), d.digest_on DESC, e.id DESC) found
    ORDER BY digest_on DESC, id LIMIT ${limit}`;
  const entries = await loadEntries(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id }) => entries.get(id) ?? []);
}
