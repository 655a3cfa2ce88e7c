import { displayAddress } from '../../model/address.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

const forgetAddresses = command(
  'forget what imports noted of addresses',
  (given: { emails: readonly string[] }) => sql`
    DELETE FROM import_problems p USING errands e
    WHERE e.id = p.errand_id AND e.kind = 'readers.import' AND EXISTS (SELECT FROM unnest(${given.emails}::text[]) AS gone (email)
      WHERE lower(p.email) = gone.email OR (p.email ~ '[^!-~]' AND strpos(lower(p.email), gone.email) > 0))`,
);

/**
 * Forgets the rows of imports that were not taken in and name one of these addresses, in either form and any spelling,
 * or hold it among other words.
 */
export async function forgetImportRowsOf(db: Tx, emails: readonly string[]): Promise<void> {
  const forms = emails.flatMap((email) => [email, displayAddress(email)]).map((email) => email.toLowerCase());
  await forgetAddresses(db, { emails: [...new Set(forms)] });
}

/** Forgets the rows that were not taken in by imports which ended before an instant; returns how many. */
export async function forgetImportRows(db: Tx, before: Date): Promise<number> {
  // One that died with its command has no end.
  const died = { state: 'failed', finishedAt: null, createdAt: { lt: before } } as const;
  const errand = { kind: 'readers.import', OR: [{ finishedAt: { lt: before } }, died] };
  return (await db.errandProblem.deleteMany({ where: { errand } })).count;
}

const maskFilters = command(
  'mask the filters of errands that are over',
  () => sql`
    UPDATE errands SET wish = jsonb_set(wish, '{filter,address}', '"…"')
    WHERE finished_at IS NOT NULL AND wish #>> '{filter,address}' <> '…'`,
);

/** Forgets by whose address a list was narrowed for work that is over, however it ended. */
export async function forgetFilters(db: Tx): Promise<void> {
  await maskFilters(db, {});
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
