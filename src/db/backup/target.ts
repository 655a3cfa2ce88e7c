import type pg from 'pg';
import { AppError } from '../../lib/errors.ts';
import { markUnfinished, unfinishedRestore } from './mark.ts';
import { dropEverything, listTables, quoted } from './tables.ts';

/** What a first start leaves in a database; a restore brings its own. */
const OF_A_FIRST_START = new Set(['topics', 'keys']);
/** So many tables with rows are named. */
const NAMED = 5;
/** Held by whoever restores, for as long as its session lives. */
const RESTORE_LOCK = 72_707_370;
const PATIENCE = '10s';

/**
 * Throws AppError conflict for a database that is not empty, freshly migrated or left half restored, naming what was
 * found, or where another process is at work; until the session ends no other restore is let in.
 */
export async function refuseUsed(client: pg.ClientBase): Promise<void> {
  await refuseCompany(client);
  if ((await unfinishedRestore(client)) === null) await refuseRows(client);
}

/** Makes a database ready to be restored into: all that is there goes, and a mark says that it is not whole yet. */
export async function clearForRestore(client: pg.ClientBase, what: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await dropEverything(client);
    await markUnfinished(client, what);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const COMPANY_SQL = `
SELECT count(*)::int AS sessions FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'offprint%' AND application_name <> 'offprint-holder'`;

async function refuseCompany(client: pg.ClientBase): Promise<void> {
  await client.query(`SET lock_timeout = '${PATIENCE}'`); // one that was just cut holds it for a moment
  try {
    await client.query('SELECT pg_advisory_lock($1)', [RESTORE_LOCK]);
  } catch (error) {
    throw new AppError('conflict', 'Another restore works on this database.', { cause: error });
  }
  await client.query('RESET lock_timeout');
  const { rows } = await client.query<{ sessions: number }>(COMPANY_SQL);
  if (rows[0] && rows[0].sessions > 0)
    throw new AppError(
      'conflict',
      `Offprint is at work on this database (${rows[0].sessions} sessions): stop serve and every worker first.`,
    );
}

async function refuseRows(client: pg.ClientBase): Promise<void> {
  const found: string[] = [];
  for (const { name } of await listTables(client)) {
    if (OF_A_FIRST_START.has(name)) continue;
    const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`);
    if (!rowCount) continue;
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${quoted(name)}`);
    found.push(`${rows[0]?.count ?? ''} in ${name}`);
  }
  if (found.length === 0) return;
  const more = found.length > NAMED ? ` and rows in ${found.length - NAMED} more tables` : '';
  throw new AppError(
    'conflict',
    `This database is in use: it holds ${found.slice(0, NAMED).join(', ')}${more}. ` +
      'A backup is restored into an empty database or a freshly migrated one; name another one with DATABASE_URL.',
  );
}
