import type { Tx } from './client.ts';
import { mayRun, readMigrationNote } from '../model/release.ts';
import { orNull, text } from './columns.ts';
import { query, sql } from './statement.ts';

const applied = query(
  'migrations that were applied',
  { name: text, note: orNull(text) },
  () =>
    sql`SELECT migration_name::text AS name, logs AS note FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL`,
);

/** How a database stands beside a release. */
export interface SchemaStanding {
  /** Migrations that the release brings and the database has not. */
  missing: string[];
  /** Migrations that the database has, the release does not know, and may not run on: a newer one ran. */
  unknown: string[];
}

/** Compares the migrations of a database with those of a release, by name. */
export async function compareSchema(db: Tx, ours: readonly string[], release: string): Promise<SchemaStanding> {
  const there = await applied(db, {});
  const [names, own] = [new Set(there.map(({ name }) => name)), new Set(ours)];
  const barred = there.filter(({ name, note }) => !own.has(name) && !mayRun(release, readMigrationNote(note).runsWith));
  return { missing: ours.filter((name) => !names.has(name)), unknown: barred.map(({ name }) => name) };
}
