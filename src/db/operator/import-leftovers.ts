import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

const forgetAddresses = command(
  'forget what imports noted of addresses',
  (given: { emails: readonly string[] }) => sql`
    DELETE FROM import_problems p USING errands e
    WHERE e.id = p.errand_id AND e.kind = 'readers.import'
      AND EXISTS (SELECT FROM unnest(${given.emails}::text[]) AS gone (email) WHERE strpos(lower(p.email), gone.email) > 0)`,
);

/** Forgets the rows of imports that were not taken in and hold one of these addresses, in any spelling. */
export async function forgetImportRowsOf(db: Tx, emails: readonly string[]): Promise<void> {
  await forgetAddresses(db, { emails: emails.map((email) => email.toLowerCase()) });
}

/** Forgets the rows that were not taken in by imports which ended before an instant; returns how many. */
export async function forgetImportRows(db: Tx, before: Date): Promise<number> {
  const errand = { kind: 'readers.import', finishedAt: { lt: before } };
  return (await db.errandProblem.deleteMany({ where: { errand } })).count;
}

/** Lists the imports whose files are still wanted, by the names of these; of drafts also since when they wait. */
export async function listOpenImports(db: Tx): Promise<{ id: number; stored: string; draftSince: Date | null }[]> {
  const rows = await db.errand.findMany({
    where: { kind: 'readers.import', state: { in: ['draft', 'waiting', 'running'] } },
    select: { id: true, state: true, wish: true, createdAt: true },
  });
  return rows.map(({ id, state, wish, createdAt }) => {
    const { stored = '' } = wish as { stored?: string };
    return { id, stored, draftSince: state === 'draft' ? createdAt : null };
  });
}
