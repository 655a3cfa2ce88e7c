import type pg from 'pg';
import { putBack, setAside, type Aside } from '../../src/db/backup/set-aside.ts';
import { quoted } from '../../src/db/backup/tables.ts';

/** What was taken from a database: foreign keys, indexes and triggers, and the primary keys and unique constraints. */
export interface Rules {
  aside: Aside;
  unique: { table: string; name: string; made: string }[];
}

const UNIQUE_SQL = `
SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(k.oid) AS made
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype IN ('p', 'u') AND k.connamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname = ANY($1) ORDER BY conname`;

/** The tables that get many rows. */
const LARGE = [
  ...['deliveries', 'newsletters', 'attempts', 'address_words', 'subscriber_interests', 'subscribers'],
  ...[
    'audit_log',
    'suppressions',
    'matches',
    'papers',
    'paper_identities',
    'entries',
    'runs',
    'errands',
    'feedback_events',
  ],
];

/** Drops what would look at each row that comes in, as a restore does, and primary keys too; stills the triggers. */
export async function dropRules(client: pg.ClientBase): Promise<Rules> {
  await client.query('BEGIN');
  const aside = await setAside(client, (table) => LARGE.includes(table));
  const unique = (await client.query<Rules['unique'][number]>(UNIQUE_SQL, [LARGE])).rows;
  for (const { table, name } of unique) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  await client.query('COMMIT');
  return { aside, unique };
}

type Work = (client: pg.ClientBase) => Promise<unknown>;

/** What makes all of it again: indexes, of which several can be made at once, and what stands on them, after those. */
export function makeRulesAgain({ aside, unique }: Rules): { indexes: Work[]; last: Work } {
  const size = ({ table }: { table: string }) => (LARGE.includes(table) ? LARGE.indexOf(table) : LARGE.length);
  const none: Aside = { keys: [], indexes: [], tables: [] };
  // A constraint locks its table against those that make its indexes: one work for a table.
  const tables = [...new Set([...aside.indexes, ...unique].map(({ table }) => table))];
  tables.sort((a, b) => size({ table: a }) - size({ table: b }));
  const indexes = tables.map((table): Work => async (client) => {
    for (const { name, made } of unique.filter((one) => one.table === table))
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${made}`);
    await putBack(client, { ...none, indexes: aside.indexes.filter((one) => one.table === table) }, () => {});
  });
  return { indexes, last: (client) => putBack(client, { ...aside, indexes: [] }, () => {}) };
}
