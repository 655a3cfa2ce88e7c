import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { compareSchema } from '../../src/db/schema-standing.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

describe('migrate', () => {
  let dir: string;
  let client: pg.Client;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'migrations-'));
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('DROP TABLE IF EXISTS one, two; TRUNCATE _prisma_migrations');
  });
  afterEach(() => client.end());

  async function write(name: string, sql: string): Promise<void> {
    await mkdir(join(dir, name), { recursive: true });
    await writeFile(join(dir, name, 'migration.sql'), sql);
  }

  test('when run twice, then each migration is applied once, in order', async () => {
    await write('2_two', 'CREATE TABLE two (one_id int REFERENCES one (id));');
    await write('1_one', 'CREATE TABLE one (id int PRIMARY KEY);');
    expect(await migrate(client, dir)).toEqual(['1_one', '2_two']);
    expect(await migrate(client, dir)).toEqual([]);
  });

  test('when three processes start at once, then one applies and the others wait', async () => {
    await write('1_one', 'CREATE TABLE one (id int PRIMARY KEY); SELECT pg_sleep(0.2);');
    const clients = [1, 2, 3].map(() => new pg.Client({ connectionString: database.url }));
    await Promise.all(clients.map((other) => other.connect()));
    const applied = await Promise.all(clients.map((other) => migrate(other, dir)));
    await Promise.all(clients.map((other) => other.end()));
    expect(applied.flat()).toEqual(['1_one']);
  });

  test('when one fails, then nothing of it stays and the message names it', async () => {
    await write('1_one', 'CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE one (id int);');
    await expect(migrate(client, dir)).rejects.toThrow(/1_one failed and was undone/);
    const { rows } = await client.query("SELECT to_regclass('one') AS found");
    expect(rows).toEqual([{ found: null }]);
  });

  test('when a migration was edited, or the database is ahead, then it refuses', async () => {
    await write('1_one', 'CREATE TABLE one (id int PRIMARY KEY);');
    await migrate(client, dir);
    await write('1_one', 'CREATE TABLE one (id int);');
    await expect(migrate(client, dir)).rejects.toThrow(/1_one was edited/);
    const empty = await mkdtemp(join(tmpdir(), 'migrations-'));
    await expect(migrate(client, empty)).rejects.toThrow(/ahead of this release/);
  });

  test('when the database is ahead, then a release that its migrations name runs on, and an older one is told what to start', async () => {
    await write('1_one', '-- runs with: >= 1.4.0\nCREATE TABLE one (id int PRIMARY KEY);');
    await migrate(client, dir, { release: '1.5.0' });
    const older = await mkdtemp(join(tmpdir(), 'migrations-'));
    for (const release of ['1.4.0', '1.4.7', '1.10.0', '2.0.0'])
      expect(await migrate(client, older, { release })).toEqual([]);
    await expect(migrate(client, older, { release: '1.3.9' })).rejects.toThrow(
      /ahead of this release \(1\.3\.9\): 1\.5\.0 applied the migration 1_one, which runs with >= 1\.4\.0\. Start Offprint 1\.5\.0 or newer; .*offprint restore/,
    );
    await write('2_two', 'CREATE TABLE two (one_id int);');
    await migrate(client, dir, { release: '1.6.0' });
    await expect(migrate(client, older, { release: '1.5.0' })).rejects.toThrow(/1\.6\.0 applied the migration 2_two/);
  });

  test('when a release is asked how it stands beside a newer schema, then only what bars it counts', async () => {
    await write('1_one', '-- runs with: >= 0.1.0\nCREATE TABLE one (id int PRIMARY KEY);');
    await write('2_two', 'CREATE TABLE two (one_id int);');
    await migrate(client, dir, { release: '0.2.0' });
    expect(await compareSchema(database.db, ['1_one'], '0.1.0')).toEqual({ missing: [], unknown: ['2_two'] });
    expect(await compareSchema(database.db, ['2_two', '3_three'], '0.1.0')).toEqual({
      missing: ['3_three'],
      unknown: [],
    });
  });
});
