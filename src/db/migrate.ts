import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { AppError, messageOf } from '../lib/errors.ts';
import { lockOnSession } from './locks.ts';
import { mayRun, noteOfMigration, readMigrationNote } from '../model/release.ts';
import { unfinishedRestore } from './backup/mark.ts';

/** The advisory lock of Prisma's own schema engine, so that each keeps the other out. */
export const PRISMA_LOCK = 72_707_369;
/** What whoever waits for it waits for, in words. */
export const TURN = 'the turn to bring the database up to date';

/** The releases that may run on a migration, before and while it is applied: its first line. */
const RUNS_WITH = /^-- runs with: (>= \d+\.\d+\.\d+)$/m;

const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

interface Migration {
  name: string;
  /** The releases that may run on it, as its first line says: `-- runs with: >= 1.4.0`. */
  runsWith: string | null;
  sql: string;
  checksum: string;
}

/** How far a database is brought. */
export interface MigrateOptions {
  /** Applies these alone. */
  only?: ReadonlySet<string>;
  /** Works on a database that a restore is filling. */
  restoring?: boolean;
  /** This release: written beside what it applies, and asked where the database is ahead. */
  release?: string;
}

/**
 * Applies the migrations of a folder that a database has not seen, in order, each in a transaction of its own with its
 * history row (the table is the one Prisma keeps). Returns the names applied. Throws AppError conflict for a database
 * that is edited, half done, half restored, or ahead by what this release may not run on.
 */
export async function migrate(client: pg.ClientBase, dir: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const applied: string[] = [];
  for (;;) {
    const name = await applyNext(client, migrations, options);
    if (name === null) return applied;
    applied.push(name);
  }
}

/** Applies the first migration that is not applied yet; the lock is let go with each, as its transaction ends. */
async function applyNext(
  client: pg.ClientBase,
  migrations: Migration[],
  options: MigrateOptions,
): Promise<string | null> {
  await client.query('BEGIN');
  try {
    await lockOnSession(client, PRISMA_LOCK, TURN);
    if (!options.restoring) await refuseHalfRestored(client);
    await client.query(HISTORY_TABLE);
    const pending = await pendingMigrations(client, migrations, options.release);
    const next = pending.find(({ name }) => options.only?.has(name) ?? true);
    if (next) await apply(client, next, options.release);
    await client.query('COMMIT');
    return next?.name ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // a broken session has nothing to undo
    throw error;
  }
}

async function refuseHalfRestored(client: pg.ClientBase): Promise<void> {
  const what = await unfinishedRestore(client);
  if (what === null) return;
  throw new AppError(
    'conflict',
    `This database is not whole: restoring ${what} was cut short. Restore it again, which begins anew: offprint restore FILE`,
  );
}

/** Lists the names of the migrations of a folder, in order. */
export async function migrationNames(dir: string): Promise<string[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).sort();
}

/** Reads them one after the other: many small files at once cost a start 15 ms more, by way of Node's threads. */
async function readMigrations(dir: string): Promise<Migration[]> {
  return (await migrationNames(dir)).map((name) => {
    const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8');
    const runsWith = RUNS_WITH.exec(sql)?.[1] ?? null;
    return { name, sql, runsWith, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  logs: string | null;
}

async function pendingMigrations(
  client: pg.ClientBase,
  migrations: Migration[],
  release: string | undefined,
): Promise<Migration[]> {
  const { rows } = await client.query<HistoryRow>(
    'SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const row of rows) {
    const name = row.migration_name;
    if (!row.finished_at)
      throw new AppError('conflict', `Migration ${name} is recorded as unfinished: resolve it by hand first.`);
    if (!known.has(name)) refuseAhead(row, release);
    else if (known.get(name) !== row.checksum)
      throw new AppError('conflict', `Migration ${name} was edited after it was applied.`);
  }
  const done = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** Throws where a migration of a newer release does not let this one run beside it. */
function refuseAhead({ migration_name: name, logs }: HistoryRow, release = 'a release without a number'): void {
  const { appliedBy, runsWith } = readMigrationNote(logs);
  if (mayRun(release, runsWith)) return;
  const newer = appliedBy ?? 'the newer release';
  throw new AppError(
    'conflict',
    `The database is ahead of this release (${release}): ${newer} applied the migration ${name}, which runs with ${runsWith ?? 'none before it'}. ` +
      `Start Offprint ${newer} or newer; to go back, restore the backup from before into an empty database: offprint restore FILE`,
  );
}

async function apply(client: pg.ClientBase, migration: Migration, release?: string): Promise<void> {
  const { name, sql, checksum, runsWith } = migration;
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, noteOfMigration({ appliedBy: release ?? null, runsWith })],
    );
  } catch (error) {
    throw new AppError('unavailable', `Migration ${name} failed and was undone: ${messageOf(error)}`, { cause: error });
  }
}
