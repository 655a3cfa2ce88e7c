import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { migrate } from '../../src/db/migrate.ts';
import { buildProgram } from './built.ts';
import { databaseUrl, onServer } from './database.ts';
import { EMPTY_SQL } from './empty.ts';
import { postgresForTests } from './servers.ts';
import { WALL_SQL } from './wall.ts';

/**
 * Builds the program, starts or joins the project's server and makes the migrated template that each test file copies.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await buildProgram();
  const { serverUrl, release } = await openServer(project.name);
  const template = `offprint_template_${process.pid}`;
  await onServer(
    serverUrl,
    `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`,
    `CREATE DATABASE ${template} TEMPLATE template0`,
  );
  const client = new pg.Client({ connectionString: databaseUrl(serverUrl, template) });
  await client.connect();
  await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
  await client.query(WALL_SQL);
  await client.query(EMPTY_SQL);
  await client.end();
  project.provide('serverUrl', serverUrl);
  project.provide('template', template);
  return async () => {
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await release();
  };
}

async function openServer(projectName: string): Promise<{ serverUrl: string; release: () => Promise<void> }> {
  if (projectName === 'postgres') {
    const serverUrl = await postgresForTests();
    if (!serverUrl) throw new Error('the postgres project needs a server: see test/support/servers.ts');
    process.stderr.write(`Database tests run on the PostgreSQL at ${new URL(serverUrl).host} too.\n`);
    return { serverUrl, release: () => Promise.resolve() };
  }
  if (!(await postgresForTests())) {
    process.stderr.write(
      'Database tests run on the embedded PostgreSQL alone: no TEST_DATABASE_URL, nothing on 127.0.0.1:5432.\n',
    );
  }
  const folder = join(tmpdir(), `offprint-test-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const server = await startEmbedded(join(folder, 'postgres'));
  return { serverUrl: server.url, release: server.release };
}
