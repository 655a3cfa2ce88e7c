import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
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
});
