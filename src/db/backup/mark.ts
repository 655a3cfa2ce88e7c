import type pg from 'pg';

// A table of its own and no row, since it must be there before all others, and known to a release that is older.

/** Marks a database as half restored, in the caller's transaction; `what` says of what. */
export async function markUnfinished(client: pg.ClientBase, what: string): Promise<void> {
  await client.query(
    'CREATE TABLE unfinished_restore (what text NOT NULL, begun_at timestamptz NOT NULL DEFAULT now())',
  );
  await client.query('INSERT INTO unfinished_restore (what) VALUES ($1)', [what]);
}

/** Takes the mark away, in the caller's transaction: from its commit on the database may be used. */
export async function markWhole(client: pg.ClientBase): Promise<void> {
  await client.query('DROP TABLE unfinished_restore');
}

/** Names what a restore that was cut short was restoring; null where none was. */
export async function unfinishedRestore(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('public.unfinished_restore') IS NOT NULL AS found",
  );
  if (!rows[0]?.found) return null;
  return (await client.query<{ what: string }>('SELECT what FROM unfinished_restore')).rows[0]?.what ?? '';
}
