import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { AppError, messageOf } from '../lib/errors.ts';
import { PATIENCE_MS } from './lock-waits.ts';
import { lockOnSession, sayWhoIsWaitedFor } from './locks.ts';
import { isPooled, keepSettings, sessionName, settle, zoneOf } from './sessions.ts';

/** The advisory lock of Prisma's own schema engine, so that each keeps the other out. */
const PRISMA_LOCK = 72_707_369;
const SESSION = 'offprint-migrate';
const TURN = 'the turn to bring the database up to date';

const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Applies the migrations of a folder that a database has not seen, in order, each in a transaction of its own with its
 * history row (the table is the one Prisma keeps). Returns the names applied. Throws AppError conflict for a database
 * that is ahead, edited or half done.
 */
export async function migrate(client: pg.ClientBase, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const applied: string[] = [];
  for (;;) {
    const name = await applyNext(client, migrations);
    if (name === null) return applied;
    applied.push(name);
  }
}

/** Applies the first migration that is not applied yet; the lock is let go with each, as its transaction ends. */
async function applyNext(client: pg.ClientBase, migrations: Migration[]): Promise<string | null> {
  await client.query('BEGIN');
  try {
    await lockOnSession(client, PRISMA_LOCK, TURN);
    await client.query(HISTORY_TABLE);
    const [next] = await pendingMigrations(client, migrations);
    if (next) await apply(client, next);
    await client.query('COMMIT');
    return next?.name ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // a broken session has nothing to undo
    throw error;
  }
}

/**
 * Brings the database at a URL up to this release, over a session of its own. Returns the names of the migrations
 * applied. Throws AppError unavailable where nothing answers, a server older than 15, or a pooler that cannot be used.
 */
export async function bringUpToDate(url: string, dir: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: sessionName(SESSION) });
  client.on('error', () => {}); // whoever asks over it hears of it
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    throw new AppError('unavailable', `No PostgreSQL answers at ${host}: ${messageOf(error)}. Check DATABASE_URL.`, {
      cause: error,
    });
  }
  try {
    await settle(client);
    await refuseOldServers(client);
    if (isPooled(client)) await refuseStrangePoolers(client, url);
    return await sayingWhoIsWaitedFor(url, () => migrate(client, dir));
  } finally {
    await client.end();
  }
}

async function refuseOldServers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
  const version = Number(rows[0]?.version);
  if (version < 150_000)
    throw new AppError('unavailable', `PostgreSQL ${version / 10_000} is too old: expected 15 or newer.`);
}

/** A pooler must give a whole transaction to one session, and remember the time zone that a client has set. */
async function refuseStrangePoolers(client: pg.Client, url: string): Promise<void> {
  const { host } = new URL(url);
  try {
    await client.query('BEGIN');
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The pooler at ${host} gives no transactions (${messageOf(error)}): let it pool by transaction (PgBouncer: pool_mode = transaction).`,
      { cause: error },
    );
  }
  await lockOnSession(client, PRISMA_LOCK, TURN); // two that write a role's settings at once fail
  await keepSettings(client);
  await client.query('COMMIT');
  const zone = await zoneOf(client);
  if (zone !== 'UTC')
    throw new AppError(
      'unavailable',
      `The pooler at ${host} forgets the time zone (${zone}, and UTC was set): restart it, since the role has it set now.`,
    );
}

/** While the database is brought up to date, says each 10 s who keeps it waiting. */
async function sayingWhoIsWaitedFor<T>(url: string, work: () => Promise<T>): Promise<T> {
  const look = async () => {
    const client = new pg.Client({ connectionString: url, application_name: sessionName('offprint-watch') });
    client.on('error', () => {});
    await client.connect();
    try {
      await sayWhoIsWaitedFor(client, { name: sessionName(SESSION) });
    } finally {
      await client.end();
    }
  };
  const timer = setInterval(() => void look().catch(() => {}), PATIENCE_MS); // what breaks here, breaks there too
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Lists the names of the migrations of a folder, in order. */
export async function migrationNames(dir: string): Promise<string[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).sort();
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = await migrationNames(dir);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function pendingMigrations(client: pg.ClientBase, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const row of rows) {
    const name = row.migration_name;
    if (!row.finished_at)
      throw new AppError('conflict', `Migration ${name} is recorded as unfinished: resolve it by hand first.`);
    if (!known.has(name))
      throw new AppError('conflict', `The database is ahead of this release: it knows the migration ${name}.`);
    if (known.get(name) !== row.checksum)
      throw new AppError('conflict', `Migration ${name} was edited after it was applied.`);
  }
  const done = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
  } catch (error) {
    throw new AppError('unavailable', `Migration ${name} failed and was undone: ${messageOf(error)}`, { cause: error });
  }
}
