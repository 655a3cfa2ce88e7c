import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Entry } from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { loadEntries } from './entries.ts';
import { isUsable } from './usable.ts';

/** The newest entry of each paper that readers may see. */
const papersBehind = query(
  'papers behind one',
  { paperId: int4, entryId: int4 },
  (given: { before: number; most: number }) => sql`
    SELECT p.id AS "paperId", e.id AS "entryId"
    FROM papers p CROSS JOIN LATERAL (
      SELECT e.id FROM entries e JOIN digests d ON d.id = e.digest_id
      WHERE e.paper_id = p.id AND ${isUsable('d')} ORDER BY d.digest_on DESC, e.id DESC LIMIT 1) e
    WHERE p.id < ${given.before} AND p.merged_into_id IS NULL
    ORDER BY p.id DESC LIMIT ${given.most}`,
);

const CURSOR = cursorOf('papers', 'number');
/** Behind every paper. */
const END = 2 ** 31 - 1;

/** Lists the papers that readers may see, the last to come first, each as it was listed last. */
export async function listPapers(db: Tx, wish: PageWish): Promise<Page<Entry>> {
  const page = await readPage<[number], { paperId: number; entryId: number }>(
    CURSOR,
    wish,
    (key, most) => papersBehind(db, { before: key?.[0] ?? END, most }),
    ({ paperId }) => [paperId],
  );
  const entries = await loadEntries(
    db,
    page.rows.map(({ entryId }) => entryId),
  );
  return { rows: page.rows.flatMap(({ entryId }) => entries.get(entryId) ?? []), next: page.next };
}
