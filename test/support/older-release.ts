import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { migrate } from '../../src/db/migrate.ts';
import { databaseUrl, onServer } from './database.ts';

const MIGRATIONS = join(PACKAGE_ROOT, 'prisma', 'migrations');

/**
 * Gives `work` a database as it was before a migration, and what brings it to the present (returning the migrations
 * applied); drops it after.
 */
export async function onOlderRelease(
  before: string,
  work: (client: pg.Client, upgrade: () => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const name = `t_older_${process.pid}_${before.slice(0, 14)}`;
  await onServer(inject('serverUrl'), `CREATE DATABASE ${name} TEMPLATE template0`);
  const client = new pg.Client({ connectionString: databaseUrl(inject('serverUrl'), name) });
  const older = mkdtempSync(join(tmpdir(), 'older-'));
  await client.connect();
  try {
    for (const one of readdirSync(MIGRATIONS).filter((folder) => /^\d/.test(folder) && folder < before))
      cpSync(join(MIGRATIONS, one), join(older, one), { recursive: true });
    await migrate(client, older);
    await work(client, () => migrate(client, MIGRATIONS));
  } finally {
    await client.end();
    rmSync(older, { recursive: true });
    await onServer(inject('serverUrl'), `DROP DATABASE ${name} WITH (FORCE)`);
  }
}
