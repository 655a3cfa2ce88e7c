import type { Tx } from './client.ts';
import { text } from './columns.ts';
import { query, sql } from './statement.ts';

const applied = query(
  'migrations that were applied',
  { name: text },
  () =>
    sql`SELECT migration_name::text AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL`,
);

/** How a database stands beside a release. */
export interface SchemaStanding {
  /** Migrations that the release brings and the database has not. */
  missing: string[];
  /** Migrations that the database has and the release does not know: a newer one ran. */
  unknown: string[];
}

/** Compares the migrations of a database with those of a release, by name. */
export async function compareSchema(db: Tx, ours: readonly string[]): Promise<SchemaStanding> {
  const names = new Set((await applied(db, {})).map(({ name }) => name));
  const own = new Set(ours);
  return { missing: ours.filter((name) => !names.has(name)), unknown: [...names].filter((name) => !own.has(name)) };
}
