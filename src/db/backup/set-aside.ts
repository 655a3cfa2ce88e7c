import type pg from 'pg';
import { listTables, quoted } from './tables.ts';

/** What keeps a database in order, and would look at each row while a million come in. */
export interface Aside {
  keys: { table: string; name: string; made: string }[];
  indexes: { name: string; table: string; made: string }[];
  tables: string[];
}

const FOREIGN_KEYS_SQL = `
SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS made
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY conname`;

/** But for those that a constraint stands on. */
const INDEXES_SQL = `
SELECT i.indexrelid::regclass::text AS name, t.relname::text AS table, pg_get_indexdef(i.indexrelid) AS made
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype <> 'f') ORDER BY 1`;

/**
 * Drops foreign keys, the indexes of large tables, and stills the triggers, within the caller's transaction, as the
 * owner of the tables may; `putBack` makes them again. To copy a million rows into indexes takes three times as long,
 * and leaves them loose.
 */
export async function setAside(client: pg.ClientBase, isLarge: (table: string) => boolean): Promise<Aside> {
  const keys = (await client.query<Aside['keys'][number]>(FOREIGN_KEYS_SQL)).rows;
  const indexes = (await client.query<Aside['indexes'][number]>(INDEXES_SQL)).rows.filter(({ table }) =>
    isLarge(table),
  );
  const tables = (await listTables(client)).map(({ name }) => quoted(name));
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  return { keys, indexes, tables };
}

/** Makes again what was set aside: each row is looked at now, all at once. `done` hears of each step. */
export async function putBack(client: pg.ClientBase, aside: Aside, done: () => void): Promise<void> {
  for (const { made } of aside.indexes) {
    await client.query(made);
    done();
  }
  for (const { table, name, made } of aside.keys) {
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${made}`);
    done();
  }
  for (const table of aside.tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
}
