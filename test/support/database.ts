import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { openPool, openPrisma, type Db } from '../../src/db/client.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the server's maintenance database, and the name of the migrated template on it. */
    serverUrl: string;
    template: string;
  }
}

/** A database of this test file's own. */
export interface TestDatabase {
  db: Db;
  pool: pg.Pool;
  url: string;
}

/** Gives a test file a fresh, migrated database, copied from the template before its tests and dropped after them. */
export function testDatabase(): TestDatabase {
  const own = {} as TestDatabase;
  const name = `t_${randomBytes(6).toString('hex')}`;
  beforeAll(async () => {
    await onServer(
      inject('serverUrl'),
      `CREATE DATABASE ${name} TEMPLATE ${inject('template')}`,
      // A commit waits for the disk ten times as long as it works.
      `ALTER DATABASE ${name} SET synchronous_commit = off`,
    );
    own.url = databaseUrl(inject('serverUrl'), name);
    own.pool = openPool(own.url, 10, () => {});
    own.db = openPrisma(own.pool);
  });
  afterAll(async () => {
    await own.db.$disconnect();
    await own.pool.end();
    await onServer(inject('serverUrl'), `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return own;
}

/** Names another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements on a server's maintenance database. */
export async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
