import { meantIds } from '../../lib/public-id.ts';
import type { Tx } from '../client.ts';
import { instant, int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Whether a paper is kept from readers; by the root of its merges. */
export interface PaperStanding {
  id: number;
  publicId: string;
  withheldAt: Date | null;
}

const standing = query(
  'whether a paper is withheld',
  { id: int4, publicId: text, withheldAt: orNull(instant) },
  (given: { ids: readonly string[] }) => sql`
    SELECT root.id, root.public_id AS "publicId", root.withheld_at AS "withheldAt" FROM papers root
    WHERE root.id = (SELECT COALESCE(merged_into_id, id) FROM papers WHERE public_id = ANY(${given.ids}::text[]) LIMIT 1)
    FOR UPDATE OF root`,
);

/** Locks a paper, or the one it was merged into, and tells whether it is withheld; null where there is none. */
export async function lockPaper(db: Tx, publicId: string): Promise<PaperStanding | null> {
  const ids = meantIds(publicId);
  await standing(db, { ids });
  const [row] = await standing(db, { ids }); // who waited for a merge has locked what it pointed elsewhere
  return row ?? null;
}

/** Keeps a paper from readers since an instant, or frees it. */
export async function setWithheld(db: Tx, id: number, withheldAt: Date | null): Promise<void> {
  await db.paper.update({ where: { id }, data: { withheldAt } });
}
